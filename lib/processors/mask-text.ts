import { MASK } from './mask';
import { maskAssignments } from './mask-assignments';
import { maskEncoded } from './mask-encoded';
import { maskEncodedNames } from './mask-encoded-names';
import { maskCommands } from './mask-commands';
import { maskKeyDetails } from './mask-key-details';
import { maskKnownTokens } from './mask-known-tokens';
import { maskUserInfo } from './mask-user-info';
import { untilStable } from './until-stable';

/** Words without which a text holds none of the secrets below: one linear look spares the rest. */
const SUSPICIOUS =
  /pass|ps?w|(?:ity|tion|time|very|sms).?code|card.?num|secret|token|auth|key|bearer|basic|sess|[cx]srf|cred|jwt|cookie|dsn|otp|pin|cv[vc]|ssn|2fa|factor|mfa|remember|saml|sig|eyJ|identified|curl |mysql|mariadb|redis-cli|docker login|:\/\/[^\s/]{128}|@|^[\d -]{13,64}$/i;

const TOKEN_RUN = /[\w.-]{20,}/g;
const BEGIN_KEY = '-----BEGIN ';

/**
 * Masks what is secret inside a text, wherever the text stands: credentials of URLs and DSNs, bearer and
 * basic credentials, JSON web tokens, private keys, `password=…` and its like, and a text that is nothing
 * but a card number (13 to 16 digits, spaces and dashes between). Takes time linear in the text's length.
 */
export function maskText(text: string): string {
  return untilStable(text, (current) => maskedText(current, 0));
}

function maskedText(text: string, depth: number): string {
  let masked = maskKnownTokens(maskEncoded(maskEncodedNames(text), maskedText, depth));
  if (!SUSPICIOUS.test(masked)) return masked;
  if (isCardNumber(masked)) return MASK;
  if (masked.includes('://')) masked = maskUserInfo(masked);
  if (masked.includes(BEGIN_KEY)) masked = maskPrivateKeys(masked);
  if (masked.includes('eyJ')) masked = masked.replace(TOKEN_RUN, maskJsonWebToken);
  return maskAssignments(maskKeyDetails(maskCommands(masked)));
}

/** raven-python's rule: the whole text is a run of digits. */
function isCardNumber(text: string): boolean {
  if (text.length < 13 || text.length > 64 || !/^[\d -]+$/.test(text)) return false;
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
