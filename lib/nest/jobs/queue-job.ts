import type { EventEmitter } from 'node:events';
import { safeRead } from '../../event/safe-read';
import { hasMethods } from '../overlay-method';

/** A job of Bull's or BullMQ's, as far as an event tells of it. */
export interface QueueJob {
  queue?: unknown;
  name?: unknown;
  id?: unknown;
  attempt: number;
  attempts: number;
}

/** By these a processor tells BullMQ that it has put the job back itself: the job has not failed. */
const NO_FAILURES: ReadonlySet<unknown> = new Set([
  'DelayedError',
  'WaitingError',
  'WaitingChildrenError',
  'RateLimitError',
]);

/** Back-off strategies that never give a job up. */
const PATIENT: ReadonlySet<unknown> = new Set([undefined, 'fixed', 'exponential']);

/** What Bull calls a job that was given no name. */
const NO_NAME = '__default__';

/** What is known of the job that a processor was called with. */
export function queueJobOf(job: unknown): QueueJob {
  return {
    queue: safeRead(job, 'queueName') ?? safeRead(safeRead(job, 'queue'), 'name'),
    name: safeRead(job, 'name'),
    id: safeRead(job, 'id'),
    attempt: count(safeRead(job, 'attemptsMade'), 0) + 1,
    attempts: count(safeRead(safeRead(job, 'opts'), 'attempts'), 1),
  };
}

/** The name that the job was added by, if it was given one. */
export function nameOfJob({ name }: QueueJob): string | undefined {
  return typeof name === 'string' && name !== NO_NAME && name !== '' ? name : undefined;
}

/** Whether the processor has failed at all by throwing this. */
export function isFailure(error: unknown): boolean {
  return !NO_FAILURES.has(safeRead(error, 'name'));
}

/** Whether the job is not tried again: its attempts are used up, it is discarded, or the error says so. */
export function isLastAttempt(job: unknown, error: unknown): boolean {
  const { attempt, attempts } = queueJobOf(job);
  return (
    attempt >= attempts ||
    safeRead(job, 'discarded') === true ||
    safeRead(job, '_discarded') === true ||
    safeRead(error, 'name') === 'UnrecoverableError'
  );
}

/**
 * Calls back if a failed job turns out to be given up although attempts are left: a back-off strategy of the
 * app's own may decide that, and only the queue hears of it.
 */
export function onGivenUp(job: unknown, callback: () => void): void {
  const strategy = safeRead(safeRead(safeRead(job, 'opts'), 'backoff'), 'type');
  const queue = safeRead(job, 'queue');
  if (PATIENT.has(strategy) || !hasMethods(queue, ['on', 'off'])) return;
  const emitter = queue as EventEmitter;
  const listen = (failed: unknown): void => {
    if (failed !== job) return;
    emitter.off('failed', listen);
    if (typeof safeRead(job, 'finishedOn') === 'number') callback();
  };
  emitter.on('failed', listen);
}

function count(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}
