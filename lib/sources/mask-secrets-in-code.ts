import { MASK } from '../processors/mask';
import { maskText } from '../processors/mask-text';
import { isPasswordKey } from '../processors/password-keys';

/** A string's quotes and what is between; where a line was cut it may not end. */
const LITERAL = /(["'`])((?:\\.|(?!\1)[^\\])*)(\1|\\?$)/g;
/** The name that what follows is given to: `password: '`, `API_KEY ?? '`, `.set('token', '`. */
const NAME_BEFORE = /([\w$-]{2,100})["'`\])?]{0,3}\s{0,8}(?:[:=,]|[=!]==?|\|\|=?|\?\?=?)\s{0,8}$/;
/** The same with a type: `password: string = '`. */
const TYPED_NAME_BEFORE = /([\w$]{2,100})[?!]?:\s?[\w$.<>[\]| ]{1,40}=\s{0,8}$/;
/** A line of a key or a certificate. */
const ENCODED_LINE = /^\s*[\w+/=-]{60,}\s*$/;

/**
 * A line of code without secrets that are written in it: strings that are given to a name like that of a password,
 * and credentials in strings (in URLs, tokens, private keys). Names, and code that handles secrets, stay as they are.
 */
export function maskSecretsInCode(line: string): string {
  if (ENCODED_LINE.test(line)) return MASK;
  if (!/["'`]/.test(line)) return line;
  return line.replace(LITERAL, (literal: string, quote: string, body: string, end: string, at: number) => {
    if (body === '') return literal;
    const before = line.slice(Math.max(0, at - 120), at);
    const names = [NAME_BEFORE, TYPED_NAME_BEFORE].map((pattern) => pattern.exec(before)?.[1]);
    const isGivenToSecret = names.some((name) => name !== undefined && isPasswordKey(name));
    const masked = isGivenToSecret ? MASK : maskText(body);
    return masked === body ? literal : `${quote}${masked}${end}`;
  });
}
