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

/** Keys that are credentials only as a whole: as parts they stand in harmless words. */
const WHOLE: ReadonlySet<string> = new Set(['auth', 'xauth', 'pass', 'otp', 'pin', 'cvv', 'cvc', 'ssn']);

/** Names come again and again: each is decided on once. Bounded, since keys may be data. */
const decided = new Map<string, boolean>();
const MAX_DECIDED = 2000;

/** Whether the value of such a key is a credential: `X-Api-Key`, `userPassword`, `refresh_token`, … */
export function isPasswordKey(key: string): boolean {
  if (key.length > 256) return true;
  let answer = decided.get(key);
  if (answer === undefined) {
    const name = key.toLowerCase().replaceAll(/[-_. ]/g, '');
    answer = WHOLE.has(name) || PARTS.some((part) => name.includes(part));
    if (decided.size < MAX_DECIDED) decided.set(key, answer);
  }
  return answer;
}
