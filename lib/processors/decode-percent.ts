/**
 * A part of a query or a form as it was before it was encoded. Never fails: what is no percent-encoding, such as
 * an escape that was cut in half, stays as it is. (`decodeURIComponent` throws, which costs far more than decoding.)
 */
export function decodePercent(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  let decoded = '';
  let copied = 0;
  for (let mark = spaced.indexOf('%'); mark !== -1; mark = spaced.indexOf('%', Math.max(mark + 1, copied))) {
    const byte = byteAt(spaced, mark + 1);
    if (byte === -1) continue;
    const end = byte < 0x80 ? mark + 3 : endOfHighBytes(spaced, mark + 3);
    decoded +=
      spaced.slice(copied, mark) + (byte < 0x80 ? ASCII[byte] : bytesOf(spaced, mark, end).toString());
    copied = end;
  }
  return copied === 0 ? spaced : decoded + spaced.slice(copied);
}

const ASCII = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code));

/** Encoded `"`, `'`, `:`, `=`, `@`, `[`, `{`, space; or `%`, where it was encoded twice; or a letter, which needs no encoding. */
const SIGNS = /%(?:2[0257]|3[ad]|4|5b|6|7b|7[0-9a])/i;

/** Whether a percent-encoded text hides signs by which names and values could be told. */
export function holdsSigns(text: string): boolean {
  return text.includes('%') && SIGNS.test(text);
}

/** Where the bytes of characters beyond ASCII end. */
function endOfHighBytes(text: string, start: number): number {
  let end = start;
  while (text[end] === '%' && byteAt(text, end + 1) >= 0x80) end += 3;
  return end;
}

function bytesOf(text: string, start: number, end: number): Buffer {
  return Buffer.from(text.slice(start, end).replaceAll('%', ''), 'hex');
}

function byteAt(text: string, position: number): number {
  const high = hexDigit(text.charCodeAt(position));
  const low = hexDigit(text.charCodeAt(position + 1));
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}

/** The value of a hex digit; -1 for any other character. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
