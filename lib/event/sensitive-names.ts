import { isPasswordKey } from '../processors/password-keys';

/** Parts of names of headers, cookies and query parameters whose values are credentials, in any case. Source: Sentry's deny list. */
const SENSITIVE =
  /auth|token|secret|passw|pwd|key|jwt|bearer|sso|saml|csrf|xsrf|credential|session|sessid|sid|identity|cookie|remember|oidc|pkce|nonce|__secure-|__host-|mfa|2fa|signature|client-cert/i;

/** Parts of names of headers that tell who is asking: personal data. */
const PERSONAL = /forwarded|-ip|clientip|remote-|external-address|^via$|^from$|-user|-email/i;

/** Whether a header, cookie or query parameter of this name carries a credential: its value is masked, whatever the options. */
export function isSensitiveName(name: string): boolean {
  return SENSITIVE.test(name) || isPasswordKey(name);
}

/** Paths to which who signs a user in sends the browser back. */
const SIGN_IN = /callback|oauth|oidc/i;
const AUTHORIZATION: ReadonlySet<string> = new Set(['code', 'state']);

/**
 * Which names of a query are those of an authorization by OAuth: `code` and `state`, where both are there or the path
 * tells. Elsewhere a `code` is that of a country, a coupon or an error, and whoever looks for the error's cause wants it.
 *
 * @param path - where the query stands; an URL's part before the query will do
 */
export function authorizationNames(path: string, names: readonly string[]): ReadonlySet<string> {
  const isSignIn = SIGN_IN.test(path) || [...AUTHORIZATION].every((name) => names.includes(name));
  return isSignIn ? AUTHORIZATION : NONE;
}

const NONE: ReadonlySet<string> = new Set();

/** Whether a header of this name carries personal data: its value is masked unless that is wanted. */
export function isPersonalName(name: string): boolean {
  return PERSONAL.test(name);
}
