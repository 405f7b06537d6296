/**
 * Characters are compared by their codes here, in loops that call no other file: a pattern, or a call from file to
 * file, per character would cost a multiple of the time.
 */

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
function isSpaceCode(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** Where a name goes on to from here. */
export function endOfName(text: string, start: number): number {
  let end = start;
  while (isNameCode(text.charCodeAt(end))) end += 1;
  return end;
}

/** Where the name began that stands before. */
export function startOfName(text: string, position: number): number {
  let start = position;
  while (isNameCode(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

/** Where the name began that stands before and is percent-encoded: `user[%70assword]`; -1 where none is. */
export function startOfEncodedName(text: string, position: number): number {
  let start = position;
  let isEncoded = false;
  while (isEncodedNameCode(text.charCodeAt(start - 1))) {
    start -= 1;
    if (text.charCodeAt(start) === 0x25) isEncoded = true;
  }
  return isEncoded ? start : -1;
}

/** `%`, `+`, `[`, `]`, and what may stand in a name. */
function isEncodedNameCode(code: number): boolean {
  return isNameCode(code) || code === 0x25 || code === 0x2b || code === 0x5b || code === 0x5d;
}

/** Where a value ends that stands in no quotation marks. A closing mark inside of a word belongs to it. */
export function endOfValue(text: string, start: number): number {
  let end = start;
  while (end < text.length && !endsValue(text.charCodeAt(end), text.charCodeAt(end + 1))) end += 1;
  return end;
}

function endsValue(code: number, next: number): boolean {
  switch (code) {
    case 0x26: // &
    case 0x2c: // ,
    case 0x3b: // ;
      return true;
    case 0x22: // "
    case 0x27: // '
    case 0x29: // )
    case 0x3c: // <
    case 0x3e: // >
    case 0x5d: // ]
    case 0x7d: // }
      return !isNameCode(next);
    default:
      return isSpaceCode(code);
  }
}
