/** Character codes are compared by hand here: a pattern per character would cost a multiple of the time. */

/** `a` to `z`. */
function isLowerCase(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

/** `A` to `Z`. */
function isUpperCase(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

/** `0` to `9`. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether a character may stand in a name: a letter, a digit, `_`, `-` or `.`. False for NaN, which is beyond a text's ends. */
export function isNameCode(code: number): boolean {
  return (
    isLowerCase(code) || isUpperCase(code) || isDigit(code) || code === 0x5f || code === 0x2d || code === 0x2e
  );
}

/** Space, tab, line feed, carriage return. */
export function isSpaceCode(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
