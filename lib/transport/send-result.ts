/** A server's answer, as far as it matters. */
export interface Answer {
  status: number;
  /** `X-Sentry-Rate-Limits`. */
  rateLimitHeader?: string;
  /** `Retry-After`. */
  retryAfter?: string;
  /** `X-Sentry-Error`, else `detail` and `causes` of the body; fit for a log. */
  reason?: string;
}

/** No answer came. */
export interface NoAnswer {
  /** Why; fit for a log. */
  networkError: string;
  /** Whether nothing can have arrived: refused, no such host. */
  isUnsent: boolean;
  /** Whether a kept-alive connection turned out to be closed by the server. */
  isStaleSocket: boolean;
}

/** How one attempt ended. */
export type SendResult = Answer | NoAnswer;

/** Why an attempt failed; fit for a log. */
export function reasonOf(result: SendResult): string {
  if ('networkError' in result) return result.networkError;
  return `status ${result.status}${result.reason ? ` (${result.reason})` : ''}`;
}
