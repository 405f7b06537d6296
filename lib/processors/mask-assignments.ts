import { MASK } from './mask';

/** How a credential's name begins in a text; what follows of the name is read by hand. */
const NAME =
  /authorization|cookie|pass(?:word|wd|phrase|code)?|pwd|secret|token|api[-_. ]?key|access[-_. ]?key|private[-_. ]?key|session|[cx]srf|credential|jwt|sentry[-_. ]?dsn/gi;

/** Names whose value is the rest of the line: it has words and signs of its own. */
const TAKES_LINE = /^(?:authorization|cookie)$/i;
const NAME_CHARACTER = /[\w.-]/;
const MAX_NAME_TAIL = 64;
const MAX_GAP = 8;

/**
 * Masks the value in `password=hunter2`, `password: hunter2`, `"password":"hunter2"` (also escaped, as in JSON
 * inside of JSON), `--password hunter2`, `Authorization: Basic …`. Reads on after each value, so the time is
 * linear in the text's length.
 */
export function maskAssignments(text: string): string {
  let masked = '';
  let copied = 0;
  NAME.lastIndex = 0;
  const names = new RegExp(NAME);
  for (let match = names.exec(text); match; match = names.exec(text)) {
    const value = valueAfter(text, match.index, match[0]);
    if (!value) continue;
    const isMasked = text.startsWith(MASK, value.start);
    masked += text.slice(copied, value.start) + MASK;
    copied = isMasked ? value.start + MASK.length : value.end;
    names.lastIndex = Math.max(copied, names.lastIndex);
  }
  return copied === 0 ? text : masked + text.slice(copied);
}

interface Span {
  start: number;
  end: number;
}

function valueAfter(text: string, nameStart: number, name: string): Span | undefined {
  let position = nameStart + name.length;
  const tailEnd = position + MAX_NAME_TAIL;
  while (position < tailEnd && position < text.length && NAME_CHARACTER.test(text[position])) position += 1;
  position = skipQuote(text, position);
  const afterName = position;
  position = skipSpace(text, position);
  const isAssigned = text[position] === '=' || text[position] === ':';
  const isEncoded = /^%3d/i.test(text.slice(position, position + 3));
  if (isAssigned) position += text.startsWith('=>', position) || text.startsWith('==', position) ? 2 : 1;
  else if (isEncoded) position += 3;
  else if (!isCommandLineOption(text, nameStart) || position === afterName) return undefined;
  position = skipSpace(text, position);
  return valueAt(text, position, TAKES_LINE.test(name));
}

/** `--password hunter2`, also `--db-password hunter2`. */
function isCommandLineOption(text: string, nameStart: number): boolean {
  const before = text.slice(Math.max(0, nameStart - 32), nameStart);
  return /(?:^|\s)--?[\w-]{0,28}$/.test(before);
}

function valueAt(text: string, position: number, takesLine: boolean): Span | undefined {
  if (position >= text.length) return undefined;
  const start = skipQuote(text, position);
  if (start > position) {
    const quote = text.slice(position, start);
    const end = closingQuote(text, start, quote);
    return end === start ? undefined : { start, end };
  }
  const opening = text[position];
  if (opening === '{' || opening === '[') return { start: position, end: closingBracket(text, position) };
  const stop = takesLine ? /[\r\n"']/g : /[\s,;&"'<>)\]}]/g;
  stop.lastIndex = position;
  const end = stop.exec(text)?.index ?? text.length;
  return end === position ? undefined : { start: position, end };
}

/** Where the text goes on after a quotation mark, which may be escaped: `\"`. */
function skipQuote(text: string, position: number): number {
  let end = position;
  while (text[end] === '\\' && end - position < MAX_GAP) end += 1;
  return text[end] === '"' || text[end] === "'" || text[end] === '`' ? end + 1 : position;
}

/** The mark that closes: the same, escaped as often. A longer run of backslashes belongs to the value. */
function closingQuote(text: string, start: number, quote: string): number {
  let position = start;
  for (;;) {
    const found = text.indexOf(quote, position);
    if (found === -1) return text.length;
    let escapes = 0;
    while (found - escapes > start && text[found - escapes - 1] === '\\') escapes += 1;
    if (escapes === 0 || quote.length > 1) return found;
    if (escapes % 2 === 0) return found;
    position = found + quote.length;
  }
}

/** Where the brackets opened here are closed; the text's end where they are not. */
function closingBracket(text: string, start: number): number {
  let depth = 0;
  for (let position = start; position < text.length; position++) {
    const character = text[position];
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth === 0) return position + 1;
  }
  return text.length;
}

function skipSpace(text: string, position: number): number {
  let end = position;
  while (end - position < MAX_GAP && (text[end] === ' ' || text[end] === '\t')) end += 1;
  return end;
}
