import type { Job, Queue } from 'bullmq';
import { markRetried } from './envelope-job';

/** An envelope that was given up, as it is kept in the queue's failed set. */
export interface DeadLetter {
  /** To send it again by. */
  id: string;
  /** The event's id, where the envelope has one. */
  eventId?: string;
  /** Why it was given up; no key of a DSN in it. */
  reason: string;
  /** When it was captured, and when it was given up; milliseconds since the epoch. */
  capturedAtMs?: number;
  failedAtMs?: number;
}

/**
 * Reads dead letters, the newest first.
 *
 * @param start - how many to leave out
 * @param limit - how many at most
 */
export async function readDeadLetters(queue: Queue, start: number, limit: number): Promise<DeadLetter[]> {
  if (!(limit > 0)) return [];
  const ids = await queue.getRanges(['failed'], start, start + limit - 1, false);
  return Promise.all(ids.map((id) => readDeadLetter(queue, id)));
}

/** Sends one again, as if it were new. @returns whether it was there, and could be read */
export async function retryDeadLetter(queue: Queue, id: string): Promise<boolean> {
  const job = await readableJob(queue, id);
  if (job === undefined || !(await job.isFailed())) return false;
  const marked = markRetried(job.data, Date.now(), job.attemptsMade);
  if (marked !== undefined) await job.updateData(marked);
  await job.retry('failed');
  return true;
}

/** Whoever can write to Redis can write a job that BullMQ cannot read. */
async function readableJob(queue: Queue, id: string): Promise<Job | undefined> {
  try {
    return await queue.getJob(id);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function readDeadLetter(queue: Queue, id: string): Promise<DeadLetter> {
  const eventId = /^event-(.+)$/.exec(id)?.[1];
  const letter = { id, ...(eventId === undefined ? {} : { eventId }) };
  try {
    const job = await queue.getJob(id);
    if (job === undefined) return { ...letter, reason: 'it is gone' };
    return {
      ...letter,
      reason: String(job.failedReason),
      capturedAtMs: job.timestamp,
      failedAtMs: job.finishedOn,
    };
  } catch {
    // Whoever can write to Redis can write a job that BullMQ cannot read.
    return { ...letter, reason: 'it cannot be read' };
  }
}
