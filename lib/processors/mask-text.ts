import { MASK } from './mask';
import { maskAssignments } from './mask-assignments';

/** Words without which a text holds none of the secrets below: one linear look spares the rest. */
const SUSPICIOUS =
  /pass|pwd|secret|token|auth|key|bearer|basic|session|[cx]srf|cred|jwt|cookie|dsn|eyJ|@|PRIVATE|^[\d -]{13,31}$/i;

const USER_INFO = /([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>]*@/gi;
const BEARER = /\b(bearer\s{1,4})[\w.~+/=-]{6,}/gi;
const BASIC = /\b(basic\s{1,4})([\w+/]{8,}={0,2})/gi;
const TOKEN_RUN = /[\w.-]{20,}/g;
const BEGIN_KEY = '-----BEGIN ';

/**
 * Masks what is secret inside a text, wherever the text stands: credentials of URLs and DSNs, bearer and
 * basic credentials, JSON web tokens, private keys, `password=…` and its like, and a text that is nothing
 * but a card number (13 to 16 digits, spaces and dashes between). Takes time linear in the text's length.
 */
export function maskText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  if (isCardNumber(text)) return MASK;
  let masked = text;
  if (masked.includes('@')) masked = masked.replace(USER_INFO, `$1${MASK}@`);
  if (masked.includes(BEGIN_KEY)) masked = maskPrivateKeys(masked);
  if (/bearer|basic/i.test(masked)) {
    masked = masked.replace(BEARER, `$1${MASK}`).replace(BASIC, (whole, scheme: string, value: string) =>
      // "basic understanding" is no credential: base64 shows by its mixture.
      /[\d=+/]|[a-z][A-Z]/.test(value) ? `${scheme}${MASK}` : whole,
    );
  }
  if (masked.includes('eyJ')) masked = masked.replace(TOKEN_RUN, maskJsonWebToken);
  return maskAssignments(masked);
}

/** raven-python's rule: the whole text is a run of digits. */
function isCardNumber(text: string): boolean {
  if (text.length < 13 || text.length > 31 || !/^\d[\d -]*\d$/.test(text)) return false;
  const digits = text.replaceAll(/[ -]/g, '').length;
  return digits >= 13 && digits <= 16;
}

/** `eyJ` is how the JSON of a token's header begins in base64. */
function maskJsonWebToken(run: string): string {
  const start = run.indexOf('eyJ');
  const dot = start === -1 ? -1 : run.indexOf('.', start);
  return dot === -1 ? run : `${run.slice(0, start)}${MASK}`;
}

function maskPrivateKeys(text: string): string {
  let masked = '';
  let position = 0;
  for (;;) {
    const begin = text.indexOf(BEGIN_KEY, position);
    if (begin === -1) return masked + text.slice(position);
    const headEnd = text.indexOf('-----', begin + BEGIN_KEY.length);
    if (headEnd === -1) return masked + text.slice(position);
    const isPrivate = text.slice(begin, Math.min(headEnd, begin + 80)).includes('PRIVATE KEY');
    if (!isPrivate) {
      masked += text.slice(position, headEnd);
      position = headEnd;
      continue;
    }
    const end = text.indexOf('-----END ', headEnd);
    masked += text.slice(position, begin) + MASK;
    if (end === -1) return masked;
    const tailEnd = text.indexOf('-----', end + 9);
    if (tailEnd === -1) return masked;
    position = tailEnd + 5;
  }
}
