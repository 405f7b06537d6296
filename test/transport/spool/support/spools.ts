import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { encodeItems, type EnvelopeItem } from '../../../../lib/protocol/envelope';
import {
  Spool,
  type SpoolContent,
  type SpoolLoss,
  type SpoolOptions,
} from '../../../../lib/transport/spool/spool';
import { eventEnvelope } from '../../support/envelopes';
import { FakeTime } from '../../support/fake-time';
import { RecordingLogger } from '../../support/recording-logger';

export const DSN = 'https://key@sentry.example.com/1';
/** What the wall clock of spools in tests shows, unless said otherwise. */
export const NOW_MS = 1_795_000_000_000;

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs when the test has ended. */
export function afterTest(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** A folder that ends with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'raven-spool-'));
  afterTest(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A spool that ends with the test, and what it tells; its clocks stand still. */
export interface SpoolUnderTest {
  spool: Spool;
  logger: RecordingLogger;
  lost: SpoolLoss[];
  time: FakeTime;
}

export function makeSpool(directory: string, options: Partial<SpoolOptions> = {}): SpoolUnderTest {
  const logger = new RecordingLogger();
  const lost: SpoolLoss[] = [];
  const time = new FakeTime();
  const spool = new Spool({
    directory,
    maxBytes: 1_000_000,
    maxAgeMs: 86_400_000,
    publicDsn: DSN,
    logger,
    wallClock: () => NOW_MS,
    now: time.now,
    setTimer: time.setTimer,
    lost: (loss) => lost.push(loss),
    ...options,
  });
  afterTest(() => spool.close());
  return { spool, logger, lost, time };
}

export async function openSpool(
  directory: string,
  options: Partial<SpoolOptions> = {},
): Promise<SpoolUnderTest> {
  const made = makeSpool(directory, options);
  await made.spool.open();
  return made;
}

/** The n-th event, with `size` characters more. */
export function eventContent(n: number, parts: Partial<SpoolContent> & { size?: number } = {}): SpoolContent {
  const { size = 0, ...rest } = parts;
  const envelope = eventEnvelope(n, 'error', size > 0 ? { pad: 'x'.repeat(size) } : {});
  return { headers: envelope.headers, items: encodeItems(envelope), rank: 24, createdMs: NOW_MS, ...rest };
}

export function attachmentItem(payload: Uint8Array): EnvelopeItem {
  return { headers: { type: 'attachment', filename: 'a.bin' }, payload };
}

/** The folder of the one DSN that a directory is used for. */
export function dsnFolder(directory: string): string {
  const [folder, ...more] = readdirSync(directory);
  if (folder === undefined || more.length > 0) throw new Error('there is not one folder');
  return join(directory, folder);
}

/** Names of the files of the one DSN, but leases, in order. */
export function filesIn(directory: string, ending = ''): string[] {
  return readdirSync(dsnFolder(directory))
    .filter((name) => name !== 'set-aside' && !name.endsWith('.lease') && name.endsWith(ending))
    .sort();
}

export function setAsideIn(directory: string): string[] {
  return readdirSync(join(dsnFolder(directory), 'set-aside')).sort();
}

/** Takes, and removes, all that waits; gives the events' ids in the order they came. */
export async function drain(spool: Spool): Promise<(string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  for (let taken = await spool.take(); taken !== undefined; taken = await spool.take()) {
    ids.push(taken.content.headers.event_id);
    await spool.remove(taken.claim);
  }
  return ids;
}
