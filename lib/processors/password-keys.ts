/**
 * Parts of keys whose values are credentials, in lower case and without separators. The first eight are
 * raven-python's; the rest is where this project is stricter.
 */
const PARTS = [
  'password',
  'secret',
  'passwd',
  'authorization',
  'sentrydsn',
  'accesstoken',
  'token',
  'bearer',
  'session',
  'sessid',
  'connectsid',
  'csrf',
  'xsrf',
  'rememberme',
  'samlresponse',
  'samlassertion',
  'otpcode',
  'cvvcode',
  'cvccode',
  'mfacode',
  '2facode',
  'factorcode',
  'securitycode',
  'verificationcode',
  'onetimecode',
  'recoverycode',
  'smscode',
  'cardnumber',
  'pwd',
  'pswd',
  'passphrase',
  'passcode',
  'credential',
  'jwt',
  'cookie',
];
const HAS_PART = new RegExp(PARTS.join('|'));

/** Keys to something; not `key`, `primaryKey`, `publicKey`. Looked for where there is a key at all, which is fast to tell. */
const SECRET_KEY =
  /(?:api|private|access|signing|auth|crypt|cryption|enc|aes|master|hmac|shared|account|subscription|ssh|deploy|licen[sc]e|consumer|app|stripe|webhook)key/;

/** Keys that are credentials only as a whole: as parts they stand in harmless words. */
const WHOLE: ReadonlySet<string> = new Set(['auth', 'xauth', 'proxyauth']);

/**
 * Words that make a credential of the key they end: `DB_PASS`, `smtpPass`, `card.cvc`, `X-Amz-Signature`; not
 * `passenger`, `pin_count`, `design`.
 */
const LAST_WORD = /(?:^|[^a-z])(?:pass|psw|pw|t?otp|pin|cvv|cvc|ssn|sig|signature)[\d_\]-]*$/;
const LAST_HUMP = /[a-z\d](?:Pass|Pw|Otp|Totp|Pin|Cvv|Cvc|Ssn|Sig|Signature)$/;

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
  if (HAS_PART.test(name) || (name.includes('key') && SECRET_KEY.test(name))) return true;
  return WHOLE.has(name) || LAST_WORD.test(lower) || LAST_HUMP.test(key);
}
