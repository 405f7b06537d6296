import { onTestFinished } from 'vitest';
import {
  RavenClient,
  RecordingTransport,
  type ClientEnvironment,
  type RavenEvent,
  type RavenOptions,
} from 'nestjs-raven';
import { recordingLogger } from '../../support/silent-logger';

/** A client whose events stay here, and what it says. */
export interface TestClient {
  client: RavenClient;
  transport: RecordingTransport;
  /** The lines of its log, as `level: message`. */
  lines: string[];
  /** The newest event, as it goes on the wire. */
  event(): RavenEvent;
}

/** A client for one test, closed when the test ends. Its `context` is empty: nothing of this process is in extra. */
export function newClient(
  options: RavenOptions = {},
  environment: Partial<ClientEnvironment> = {},
): TestClient {
  const transport = new RecordingTransport();
  const logger = recordingLogger();
  const client = new RavenClient(
    {
      dsn: 'http://public@localhost/1',
      transport,
      context: {},
      installProcessHandlers: false,
      // Nothing that an event would wait for.
      includeVersions: false,
      frameContextLines: 0,
      sourceMaps: false,
      shutdownTimeoutMs: 15_000,
      ...options,
    },
    { logger, env: {}, ...environment },
  );
  onTestFinished(async () => void (await client.close(0)));
  return {
    client,
    transport,
    lines: logger.lines,
    event: () => {
      const event = transport.events.at(-1);
      if (!event) throw new Error(`nothing was sent; the log says: ${logger.lines.join('; ')}`);
      return event;
    },
  };
}
