import { DATE_IN_A_SECOND, describeBehaviour, type Behaviour, type Phase } from '../server/behaviour';
import type { Random } from './random';

/** Every form in which a server says how long it wants nothing. A limit lasts whole seconds. */
const LIMITS: readonly ((random: Random) => Record<string, string>)[] = [
  () => ({}),
  () => ({ 'Retry-After': '1' }),
  () => ({ 'Retry-After': DATE_IN_A_SECOND }),
  () => ({ 'Retry-After': '0' }),
  () => ({ 'Retry-After': 'soon' }),
  () => ({ 'X-Sentry-Rate-Limits': '1:error:key' }),
  () => ({ 'X-Sentry-Rate-Limits': '1::organization' }),
  () => ({ 'X-Sentry-Rate-Limits': ' 0.4 : error ; default : organization : quota_exceeded ' }),
  () => ({ 'X-Sentry-Rate-Limits': '60:transaction:key, 1:error;security:organization:my_limit:x:y' }),
  () => ({ 'X-Sentry-Rate-Limits': '60:transaction;session:key', 'Retry-After': '60' }),
  () => ({ 'X-Sentry-Rate-Limits': '60:something_new:key' }),
  () => ({ 'X-Sentry-Rate-Limits': ':::,,;' }),
  (random) => ({ 'X-Sentry-Rate-Limits': `${random.int(-5, 1)}:error:key`, 'Retry-After': '-1' }),
];

/** What keeps a client from sending for a while: it then drops by itself, and only its own count tells how much. */
const LIMITING: readonly ((random: Random) => Behaviour)[] = [
  (random) => ({ kind: 'answer', status: 429, headers: random.pick(LIMITS)(random) }),
  (random) => ({ kind: 'answer', status: 200, headers: random.pick(LIMITS.slice(5))(random) }),
];

const BEHAVIOURS: readonly ((random: Random) => Behaviour)[] = [
  () => ({ kind: 'healthy' }),
  (random) => ({ kind: 'slow', takesMs: random.int(20, 300) }),
  () => ({ kind: 'hang', finally: 'reset' }),
  () => ({ kind: 'hang', finally: 'answer' }),
  () => ({ kind: 'refuse' }),
  () => ({ kind: 'vanish' }),
  (random) => ({ kind: 'reset', during: random.pick(['connect', 'request', 'answer'] as const) }),
  (random) => ({ kind: 'garbage', what: random.pick(['bytes', 'page', 'endless'] as const) }),
  (random) => ({ kind: 'closeIdle', afterMs: random.int(0, 5) }),
  () => ({ kind: 'wrongCertificate' }),
  (random) => ({ kind: 'answer', status: random.pick([400, 401, 403, 404, 413]) }),
  (random) => ({ kind: 'answer', status: random.pick([500, 502, 503, 504, 408]) }),
  () => ({ kind: 'answer', status: 503, headers: { 'Retry-After': '1' } }),
  () => ({ kind: 'answer', status: 302, headers: { Location: '/api/2/envelope/' } }),
];

/** What a server does in a run. */
export interface ScheduleOptions {
  /** Whether it may limit. */
  hasLimits: boolean;
  /** Stays, whatever came before. */
  lastly: Behaviour;
}

/** A few phases in a second or two. */
export function randomSchedule(random: Random, { hasLimits, lastly }: ScheduleOptions): Phase[] {
  const behaviours = hasLimits ? [...BEHAVIOURS, ...LIMITING] : BEHAVIOURS;
  const phases = Array.from({ length: random.int(2, 6) }, () => ({
    behaviour: random.pick(behaviours)(random),
    durationMs: random.int(50, 350),
  }));
  return [...phases, { behaviour: lastly, durationMs: 0 }];
}

/** One line, for the name of a run. */
export function describeSchedule(phases: readonly Phase[]): string {
  return phases
    .map(({ behaviour, durationMs }) =>
      [describeBehaviour(behaviour), durationMs > 0 ? `${durationMs} ms` : 'to the end'].join(', '),
    )
    .join('; ');
}
