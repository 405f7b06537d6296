import type { HttpAnswer } from './http-client';
import { safeText } from './safe-text';
import type { Answer } from './send-result';
import { PROXY_WANTS_CREDENTIALS } from './tunnel-agent';

/**
 * Reads what matters of an answer.
 *
 * @param secrets - asked only where there is a text in which they could be
 * @throws where it is the answer of a proxy that wants credentials: the server was not asked
 */
export function readAnswer({ status, header, body }: HttpAnswer, secrets: () => readonly string[]): Answer {
  if (status === 407) throw new Error(PROXY_WANTS_CREDENTIALS);
  const given = header('x-sentry-error') ?? (status < 300 ? undefined : reasonOf(body));
  const reason = given === undefined ? '' : safeText(given, secrets());
  return {
    status,
    rateLimitHeader: header('x-sentry-rate-limits'),
    retryAfter: header('retry-after'),
    ...(reason === '' ? {} : { reason }),
  };
}

function reasonOf(body: string): string | undefined {
  try {
    const { detail, causes } = JSON.parse(body) as { detail?: unknown; causes?: unknown };
    const parts = [detail, ...(Array.isArray(causes) ? (causes as unknown[]) : [])];
    return parts.filter((part) => typeof part === 'string').join(': ');
  } catch {
    return undefined;
  }
}
