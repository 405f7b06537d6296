import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseDsn, publicDsn } from '../../lib/protocol/dsn';
import { encodeItems } from '../../lib/protocol/envelope';
import { Account } from '../../lib/transport/account';
import { createDelivery } from '../../lib/transport/delivery';
import { Spool } from '../../lib/transport/spool/spool';
import { SpoolStage } from '../../lib/transport/spool-stage';
import { eventEnvelope } from './support/envelopes';
import { FakeTime } from './support/fake-time';
import { RecordingLogger } from './support/recording-logger';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'raven-spool-stage-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

it('what is given back to a slow disk is read soon, though somebody has looked in vain meanwhile', async () => {
  const time = new FakeTime();
  const dsn = parseDsn('http://public@127.0.0.1:1/1');
  let opened = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => (opened = resolve));
  const stage = new SpoolStage({
    directory,
    publicDsn: publicDsn(dsn, dsn.scheme),
    pauseMs: 10,
    logger: new RecordingLogger(),
    account: new Account(() => 0),
    maxHeldBytes: 1_000_000,
    now: time.now,
    wallClock: Date.now,
    setTimer: time.setTimer,
    changed: () => opened(),
  });
  await isOpen;
  const envelope = eventEnvelope(1);
  const received = { sequence: 1, receivedMs: time.now() };
  const items = encodeItems(envelope);
  const delivery = { headers: envelope.headers, items, rank: 1, createdMs: Date.now(), ...received };
  expect(await stage.put(createDelivery(delivery))).toBe(true);
  const taken = await stage.take();
  if (!taken) throw new Error('nothing is in the spool');

  let goOn = (): void => undefined;
  const isSlow = new Promise<void>((resolve) => (goOn = resolve));
  const { release } = Spool.prototype;
  const released = vi.spyOn(Spool.prototype, 'release').mockImplementation(async function (
    this: Spool,
    claim,
  ) {
    await isSlow;
    await release.call(this, claim);
  });
  stage.giveBack(createDelivery({ ...taken, ...received }));
  expect(await stage.take()).toBeUndefined();
  goOn();
  await released.mock.results[0].value;
  time.advance(10);
  expect(stage.mayRead).toBe(true);
  expect(await stage.take()).toBeDefined();
  await stage.close(1000);
});
