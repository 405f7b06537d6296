/**
 * The beginning of a text, at most `length` UTF-16 units, in memory of its own: a slice would keep the whole
 * text it was cut from alive.
 */
export function ownText(text: string, length: number): string {
  if (text.length <= length) return text;
  return Buffer.from(text.slice(0, length), 'utf16le').toString('utf16le');
}
