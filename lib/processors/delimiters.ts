const MAX_SPACE = 8;

/**
 * The quotation mark that stands here, with what escapes it: `"`, `'`, `\"`, `\\\"`, `%22`. Empty where
 * there is none.
 */
export function openedQuote(text: string, position: number): string {
  const end = endOfBackslashes(text, position);
  switch (text.charCodeAt(end)) {
    case 0x22: // "
    case 0x27: // '
    case 0x60: // `
      return text.slice(position, end + 1);
    case 0x25: // %
      return text.startsWith('22', end + 1) || text.startsWith('27', end + 1)
        ? text.slice(position, end + 3)
        : '';
    default:
      return '';
  }
}

/**
 * Where the mark stands that closes what an opened one began: the text's end where there is none.
 * Each time a text is encoded its backslashes double, and each mark gets one: so a mark that belongs to
 * the value can be told from the closing one by the backslashes before it.
 */
export function closingQuote(text: string, start: number, quote: string): number {
  const escapes = quote.lastIndexOf('\\') + 1;
  const mark = quote.slice(escapes);
  let position = start;
  for (;;) {
    const found = text.indexOf(mark, position);
    if (found === -1) return text.length;
    let backslashes = 0;
    while (found - backslashes > start && text[found - backslashes - 1] === '\\') backslashes += 1;
    if (backslashes % (2 * (escapes + 1)) === escapes) return found - escapes;
    position = found + mark.length;
  }
}

/** Where the brackets opened here are closed, those in quotation marks aside; the text's end where they are not. */
export function closingBracket(text: string, start: number): number {
  let depth = 0;
  let position = start;
  while (position < text.length) {
    const character = text[position];
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth === 0) return position + 1;
    const quote = bracketedQuote(text, position);
    if (quote !== '') position = closingQuote(text, position + quote.length, quote) + quote.length;
    else if (character === '\\') position = endOfBackslashes(text, position);
    else position += 1;
  }
  return text.length;
}

/** An apostrophe inside a word quotes nothing. */
function bracketedQuote(text: string, position: number): string {
  const quote = openedQuote(text, position);
  return quote !== '' && /\w/.test(text.charAt(position - 1)) ? '' : quote;
}

function endOfBackslashes(text: string, start: number): number {
  let end = start;
  while (text.charCodeAt(end) === 0x5c) end += 1;
  return end;
}

/** Where a short run of spaces ends; colours of a terminal count as spaces. */
export function skipSpace(text: string, position: number): number {
  let end = position;
  while (end - position < MAX_SPACE && (text.charCodeAt(end) === 0x20 || text.charCodeAt(end) === 0x09))
    end += 1;
  if (text.charCodeAt(end) !== 0x1b) return end;
  COLOUR.lastIndex = end;
  return COLOUR.test(text) ? COLOUR.lastIndex : end;
}

const ESCAPE = String.fromCharCode(0x1b);
const COLOUR = new RegExp(String.raw`(?:${ESCAPE}\[[\d;]{0,12}m[ \t]{0,8}){1,4}`, 'y');
