/**
 * Parts of keys whose values are credentials, in lower case and without separators. The first eight are
 * raven-python's; the rest is where this project is stricter.
 */
const PARTS = [
  'password',
  'secret',
  'passwd',
  'authorization',
  'apikey',
  'sentrydsn',
  'accesstoken',
  'token',
  'bearer',
  'session',
  'sessid',
  'connectsid',
  'csrf',
  'xsrf',
  'privatekey',
  'accesskey',
  'signingkey',
  'encryptionkey',
  'pwd',
  'passphrase',
  'passcode',
  'credential',
  'jwt',
  'cookie',
];
const HAS_PART = new RegExp(PARTS.join('|'));

/** Keys that are credentials only as a whole: as parts they stand in harmless words. */
const WHOLE: ReadonlySet<string> = new Set(['auth', 'xauth', 'proxyauth']);

/** Words that make a credential of the key they end: `DB_PASS`, `smtpPass`, `card.cvc`; not `passenger`, `pin_count`. */
const LAST_WORD = /(?:^|[^a-z])(?:pass|otp|pin|cvv|cvc|ssn)[\d_\]-]*$/;
const LAST_HUMP = /[a-z\d](?:Pass|Otp|Pin|Cvv|Cvc|Ssn)$/;

/** Names come again and again: each is decided on once. Bounded, since keys may be data. */
const decided = new Map<string, boolean>();
const MAX_DECIDED = 2000;

/** What is longer is no name, and is masked: nobody has looked whether it holds one. */
const MAX_NAME_LENGTH = 256;

/** Whether the value of such a key is a credential: `X-Api-Key`, `userPassword`, `refresh_token`, … */
export function isPasswordKey(key: string): boolean {
  if (key.length > MAX_NAME_LENGTH) return true;
  let answer = decided.get(key);
  if (answer === undefined) {
    answer = decide(key);
    if (decided.size < MAX_DECIDED) decided.set(key, answer);
  }
  return answer;
}

function decide(key: string): boolean {
  const lower = key.toLowerCase();
  const name = /[-_. ]/.test(lower) ? lower.replaceAll(/[-_. ]/g, '') : lower;
  return HAS_PART.test(name) || WHOLE.has(name) || LAST_WORD.test(lower) || LAST_HUMP.test(key);
}
