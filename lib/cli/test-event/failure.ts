/** What kept an event from arriving. */
export type FailureKind =
  | 'dns'
  | 'refused'
  | 'unreachable'
  | 'tls'
  | 'proxy'
  | 'timeout'
  | 'closed'
  | 'redirected'
  | 'malformed'
  | 'key'
  | 'forbidden'
  | 'not-found'
  | 'too-large'
  | 'limited'
  | 'server-error'
  | 'no-sentry'
  | 'other-answer'
  | 'not-sent'
  | 'other-error';

/** Why an event did not arrive, and what to do. */
export interface Failure {
  kind: FailureKind;
  /** What happened, without anything secret. */
  message: string;
  /** What to do, the likeliest first. */
  advice: readonly string[];
}
