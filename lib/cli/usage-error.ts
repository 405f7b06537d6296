/** An argument with which a command cannot begin. The message holds no value that was given: it may be a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
