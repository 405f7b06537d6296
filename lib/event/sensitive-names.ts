/** Parts of names of headers, cookies and query parameters whose values are credentials, in any case. Source: Sentry's deny list. */
const SENSITIVE =
  /auth|token|secret|passw|pwd|key|jwt|bearer|sso|saml|csrf|xsrf|credential|session|sessid|sid|identity|cookie|remember|oidc|pkce|nonce|__secure-|__host-|mfa|2fa/i;

/** Parts of names of headers that tell who is asking: personal data. */
const PERSONAL = /forwarded|-ip|remote-|^via$|-user/i;

/** Whether a header, cookie or query parameter of this name carries a credential: its value is masked, whatever the options. */
export function isSensitiveName(name: string): boolean {
  return SENSITIVE.test(name);
}

/** Whether a header of this name carries personal data: its value is masked unless that is wanted. */
export function isPersonalName(name: string): boolean {
  return PERSONAL.test(name);
}
