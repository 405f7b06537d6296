import { endOfName, endOfValue, isDigit, isNameCode, startOfName } from './characters';
import { closingBracket, closingQuote, openedQuote, skipSpace } from './delimiters';
import { MASK } from './mask';
import { isPasswordKey } from './password-keys';
import { schemeValue } from './scheme-value';
import { valueBeside, type Beside } from './value-beside';

/** Without one of these no name is a credential's; whether it is one is decided on the whole name. */
const HINT =
  /(?:ity|tion|time|very|sms)[-_. ]?code|2fa|auth|basic|bearer|card[-_. ]?num|cookie|cred|[cx]srf|cv[cv]|dsn|factor|jwt|key|mfa|otp|pass|pin|pswd|psw|pw|remember|saml|secret|sess|sig|connect\.sid|ssn|token/gi;

/** Names whose value is the rest of the line: it has words and signs of its own. */
const TAKES_LINE = /authorization|cookie/i;

/** No text tells so many: the rest of one that does is masked whole. */
const MAX_SECRETS = 20_000;

const IS_FILE = /\.(?:[cm]?[jt]sx?|json|ya?ml|html?|vue|svelte|py)$/i;

/** What ends a value otherwise: always one character, found by `test`, which costs less than `exec`. */
const LINE_END = /[\r\n]/g;
const LINE_END_OR_QUOTE = /[\r\n"']/g;
const ELEMENT_END = /</g;
const TAG_END = /[<>]/g;
const SECTION = '<![CDATA[';

/**
 * Masks the value in `password=hunter2`, `password: hunter2`, `"password":"hunter2"` (also escaped, as in JSON
 * inside of JSON, or percent-encoded), `password:"""hunter2"""`, `user[password]=hunter2`,
 * `<password type="text">hunter2</password>`,
 * `--password hunter2`, `Bearer …`, `Authorization: Basic …`. Reads on after each name and value, so the time is linear in
 * the text's length.
 */
export function maskAssignments(text: string): string {
  const kept: string[] = [];
  let copied = 0;
  // One for all texts: making another for each would take longer than reading a short one.
  const hints = HINT;
  hints.lastIndex = 0;
  while (hints.test(text)) {
    const nameEnd = endOfName(text, hints.lastIndex);
    const value = valueAfter(text, hints.lastIndex, nameEnd);
    hints.lastIndex = nameEnd;
    if (!value) continue;
    kept.push(text.slice(copied, value.start));
    copied = hints.lastIndex = value.end;
    if (kept.length > MAX_SECRETS) return kept.join(MASK) + MASK;
  }
  kept.push(text.slice(copied));
  return kept.length === 1 ? text : kept.join(MASK);
}

interface Span {
  start: number;
  end: number;
}

/** The value of the name that ends here; undefined where there is none or the name is a harmless one. */
function valueAfter(text: string, inName: number, nameEnd: number): Span | undefined {
  const credential = schemeValue(text, nameEnd);
  if (credential) return credential;
  const nameStart = startOfName(text, inName);
  const element = elementContent(text, nameStart, nameEnd);
  if (element) return element;
  // Most often but another word follows, or another option.
  if (isBetweenWords(text, nameEnd)) {
    const isOption = text.charCodeAt(nameStart) === 0x2d;
    if (!isOption || text.startsWith('--', nameEnd + 1)) return undefined;
  }
  const nameQuote = openedQuote(text, nameEnd);
  const beside = nameQuote === '' ? undefined : valueBeside(text, nameStart, nameEnd + nameQuote.length);
  if (beside && isSecret(text, nameStart, nameEnd)) return spanBeside(text, beside);
  const afterName = endOfWholeName(text, nameEnd);
  const position = skipSpace(text, afterName);
  const assigned = skipAssignment(text, position);
  if (assigned === position && position === afterName) return undefined;
  const start = skipSpace(text, assigned);
  if (start >= text.length) return undefined;
  if (text.charCodeAt(start) === 0x2a && text.startsWith(MASK, start)) return undefined;
  const isOption = assigned === position && text[nameStart] === '-';
  if (assigned === position && !isOption) return undefined;
  if (isOption && text.startsWith('--', position)) return undefined;
  if (!isSecret(text, nameStart, nameEnd) || isPlace(text, nameStart, position)) return undefined;
  if (isOption) return valueAt(text, position);
  const block = endOfIndented(text, start);
  if (block !== undefined) return { start, end: block };
  const takesLine = nameEnd - nameStart >= 6 && TAKES_LINE.test(text.slice(nameStart, nameEnd));
  return valueAt(text, start, takesLine ? lineEnd(text, nameStart) : undefined);
}

function spanBeside(text: string, { start, end }: Beside): Span | undefined {
  if (end === undefined) return valueAt(text, start);
  return end === start || text.startsWith(MASK, start) ? undefined : { start, end };
}

/** Behind the marks and brackets of a name: `password"`, `user[password]`, `"user[password]"`, `["password"]`. */
function endOfWholeName(text: string, nameEnd: number): number {
  const inner = skipBrackets(text, nameEnd);
  return skipBrackets(text, inner + openedQuote(text, inner).length);
}

/** A block of YAML: `password: |` and the lines below that are indented. Undefined where none begins. */
function endOfIndented(text: string, start: number): number | undefined {
  const sign = text.charCodeAt(start);
  if (sign !== 0x7c && sign !== 0x3e) return undefined; // | >
  INDENTED.lastIndex = start;
  return INDENTED.test(text) ? INDENTED.lastIndex : undefined;
}

const INDENTED = /[|>][\d+-]{0,2}[ \t]{0,8}(?:\r?\n[ \t][^\r\n]*)+/y;

/** What an element holds whose name ends here: `<password type="text">…</password>`, `<login:password>…`. */
function elementContent(text: string, nameStart: number, nameEnd: number): Span | undefined {
  if (!mayFollowElement(text.charCodeAt(nameEnd)) || !isTag(text, nameStart)) return undefined;
  const start = endOfTag(text, nameEnd);
  if (start === -1 || text.startsWith(MASK, start) || !isSecret(text, nameStart, nameEnd)) return undefined;
  const end = endOfContent(text, start);
  return end === start ? undefined : { start, end };
}

/** Whether `<` or `<login:` stands before. */
function isTag(text: string, nameStart: number): boolean {
  const before = text.charCodeAt(nameStart - 1);
  return before === 0x3c || (before === 0x3a && text[startOfName(text, nameStart - 1) - 1] === '<');
}

/** `>` or white space. */
function mayFollowElement(code: number): boolean {
  return code === 0x3e || code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** Behind the `>` of an element's beginning; -1 where there is none, or nothing is in the element. */
function endOfTag(text: string, nameEnd: number): number {
  TAG_END.lastIndex = nameEnd;
  if (!TAG_END.test(text)) return -1;
  const end = TAG_END.lastIndex;
  return text[end - 1] === '>' && text[end - 2] !== '/' ? end : -1;
}

/** Where the next tag begins; what is in a section of characters is no tag. */
function endOfContent(text: string, start: number): number {
  let end = findEnd(text, start, ELEMENT_END);
  while (text.startsWith(SECTION, end)) {
    const closed = text.indexOf(']]>', end);
    end = closed === -1 ? text.length : findEnd(text, closed, ELEMENT_END);
  }
  return end;
}

function isBetweenWords(text: string, position: number): boolean {
  return text.charCodeAt(position) === 0x20 && isNameCode(text.charCodeAt(position + 1));
}

/** By the same rule as keys of data; a name may be of two words: `api key: …`. */
function isSecret(text: string, start: number, end: number): boolean {
  if (isPasswordKey(text.slice(start, end))) return true;
  if (text[start - 1] !== ' ') return false;
  return isPasswordKey(text.slice(Math.max(startOfName(text, start - 1), start - MAX_WORD_BEFORE), end));
}

const MAX_WORD_BEFORE = 16;

/** A colon after a host or a file, `https://token.example.com:443`, `password.service.ts:12`, or in `token://`. */
function isPlace(text: string, nameStart: number, position: number): boolean {
  if (text[position] !== ':') return false;
  if (text.startsWith('//', nameStart - 2) || text.startsWith('//', position + 1)) return true;
  return isDigit(text.charCodeAt(position + 1)) && IS_FILE.test(text.slice(nameStart, position));
}

/** What closes a name in brackets, and a place in a list: `user[password]`, `user%5Bpassword%5D`, `secrets[]`, `secrets[0]`. */
function skipBrackets(text: string, start: number): number {
  let position = start;
  while (text[position] === ']') position += 1;
  if (isEncoded(text, position, '5d')) position += 3;
  if (text[position] !== '[') return position;
  let end = position + 1;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return text[end] === ']' ? end + 1 : position;
}

/** `=`, `:`, `=>`, `:=`, `==`, percent-encoded ones too. */
function skipAssignment(text: string, start: number): number {
  if (isEncoded(text, start, '3d') || isEncoded(text, start, '3a')) return start + 3;
  if (text[start] !== '=' && text[start] !== ':') return start;
  let position = start + 1;
  while (position - start < 3 && (text[position] === '=' || text[position] === '>')) position += 1;
  return position;
}

function isEncoded(text: string, position: number, hex: string): boolean {
  return text[position] === '%' && text.slice(position + 1, position + 3).toLowerCase() === hex;
}

/** The value that begins here; undefined where there is none or it is masked already. */
export function valueAt(text: string, position: number, stop?: RegExp): Span | undefined {
  const quote = openedBlock(text, position);
  const start = position + quote.length;
  if (text.startsWith(MASK, start)) return undefined;
  if (quote !== '') {
    const end = closingOf(text, start, quote);
    return end === start ? undefined : { start, end };
  }
  const opening = text[start];
  if (opening === '{' || opening === '[') return { start, end: closingBracket(text, start) };
  const end = stop ? findEnd(text, start, stop) : endOfValue(text, start);
  return end <= start ? undefined : { start, end };
}

/** The quotation mark that stands here; all three of a block: `"""`. */
function openedBlock(text: string, position: number): string {
  const quote = openedQuote(text, position);
  return quote !== '' && text.startsWith(quote + quote, position + quote.length) ? quote.repeat(3) : quote;
}

/** A block ends where its three marks come again. */
function closingOf(text: string, start: number, quote: string): number {
  if (!isBlock(quote)) return closingQuote(text, start, quote);
  const end = text.indexOf(quote, start);
  return end === -1 ? text.length : end;
}

function isBlock(quote: string): boolean {
  return quote === quote.slice(0, quote.length / 3).repeat(3);
}

function findEnd(text: string, start: number, stop: RegExp): number {
  stop.lastIndex = start;
  return stop.test(text) ? stop.lastIndex - 1 : text.length;
}

/** A line that stands in quotation marks ends with them: `-H "Cookie: a=1"`. */
function lineEnd(text: string, nameStart: number): RegExp {
  const before = text[nameStart - 1];
  return before === '"' || before === "'" ? LINE_END_OR_QUOTE : LINE_END;
}
