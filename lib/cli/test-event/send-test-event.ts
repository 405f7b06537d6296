import { RavenClient } from '../../client/raven.client';
import type { ResolvedOptions } from '../../raven.options';
import type { CliSurroundings } from '../cli-surroundings';
import type { Observation } from './observed-http-client';
import { observedTransport } from './observed-transport';
import type { EventOptions } from './parse-event-options';

/** What to send, where to, and what an app's options would say of it. */
export interface TestEvent extends EventOptions {
  dsn: string;
  release?: string;
  environment?: string;
}

/** What became of it, as far as it was seen. */
export interface SentEvent {
  /** Null where nothing was to be sent. */
  eventId: string | null;
  /** Absent where no request was made. */
  observation?: Observation;
  /** What the client had to say. */
  notes: readonly string[];
}

/** An event on its way. */
export interface TestRun {
  /** Those in force. */
  options: ResolvedOptions;
  /** Never rejects. */
  sent: Promise<SentEvent>;
}

/** What building an event may take on a machine that is busy, beside the attempt. */
const BUILDING_MS = 5_000;

/**
 * Begins to send an event as an app in this folder would: one attempt, nothing is kept for later.
 *
 * @throws InvalidOptionsError where the DSN or what the environment says cannot be used
 */
export function sendTestEvent(event: TestEvent, { env, folder }: CliSurroundings): TestRun {
  const notes: string[] = [];
  const note = (line: string): void => void notes.push(line);
  let observation: Observation | undefined;
  const timeoutMs = event.timeoutS * 1000;
  const client = new RavenClient(
    {
      dsn: event.dsn,
      release: event.release,
      environment: event.environment,
      // The arguments of this process may hold a DSN.
      context: {},
      transport: observedTransport(timeoutMs, (seen) => (observation ??= seen)),
      // One attempt, past the queue and its back-off.
      raiseSendErrors: true,
      sendClientReports: false,
      enableBreadcrumbs: false,
      installProcessHandlers: false,
      // It is the server that is asked.
      spotlight: false,
    },
    {
      env,
      root: folder,
      logger: { debug: () => undefined, log: () => undefined, warn: note, error: note },
    },
  );
  const { message, level, tags, data } = event;
  const send = async (): Promise<SentEvent> => {
    const eventId = client.captureMessage(message, {
      level,
      tags,
      data: { logger: 'nestjs-raven.test', culprit: 'nestjs-raven test', ...data },
      stack: true,
    });
    // Why it failed was seen where the request was made.
    await client.close(timeoutMs + BUILDING_MS).catch(() => false);
    return { eventId, ...(observation && { observation }), notes };
  };
  return { options: client.options, sent: send() };
}
