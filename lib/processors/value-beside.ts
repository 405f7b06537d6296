/** Marks of quotation, escaped or not. */
const QUOTE = String.raw`\\{0,7}["'${'`'}]`;
const LINE_BREAK = String.raw`(?:\r?\n|\\r\\n|\\n)`;
const SEPARATED = String.raw`[\s,;]{1,8}`;

/** ` with value "…"`, as Joi writes. */
const WITH_VALUE = / with value /y;

/** `value="…"`, `'value': '…'`; up to two others may stand between. */
const ANOTHER = String.raw`(?:${SEPARATED}(?:${QUOTE})?[\w-]{1,16}(?:${QUOTE})?\s?[:=]\s?(?:${QUOTE}[^"'\\]{0,40}${QUOTE}|\w{1,16})){0,2}`;
const VALUE = new RegExp(
  String.raw`${ANOTHER}${SEPARATED}(?:${QUOTE})?(?:value|val|content|input|received)(?:${QUOTE})?\s?[:=]\s?`,
  'iy',
);

/** The rest of the head of a form's part, and the empty line behind. */
const HEAD = new RegExp(
  String.raw`[^\r\n\\]{0,200}(?:${LINE_BREAK}[^\r\n\\]{1,200}){0,3}${LINE_BREAK}{2}`,
  'y',
);
const PART_END = new RegExp(`${LINE_BREAK}--`, 'g');

/** Where a value stands whose name was told in quotation marks before it. */
export interface Beside {
  start: number;
  /** Where it ends; undefined where its own marks tell. */
  end?: number;
}

/**
 * The value of a name that stands in quotation marks itself: `"password" with value "…"`, `name="password" value="…"`,
 * `{ name: 'password', value: '…' }`, and the part of a form: `name="password"`, an empty line, the value.
 *
 * @param quoteEnd - behind the mark that closes the name's
 */
export function valueBeside(text: string, nameStart: number, quoteEnd: number): Beside | undefined {
  const next = text.charCodeAt(quoteEnd);
  // A comma, white space, `;`, a backslash of an encoded line break.
  if (next !== 0x2c && next !== 0x3b && next !== 0x5c && next !== 0x20 && !(next >= 0x09 && next <= 0x0d))
    return undefined;
  for (const pattern of [WITH_VALUE, VALUE]) {
    pattern.lastIndex = quoteEnd;
    if (pattern.test(text)) return { start: pattern.lastIndex };
  }
  return /name=\\*"$/.test(text.slice(Math.max(0, nameStart - 12), nameStart))
    ? formPart(text, quoteEnd)
    : undefined;
}

function formPart(text: string, position: number): Beside | undefined {
  HEAD.lastIndex = position;
  if (!HEAD.test(text)) return undefined;
  const start = (PART_END.lastIndex = HEAD.lastIndex);
  return { start, end: PART_END.exec(text)?.index ?? text.length };
}
