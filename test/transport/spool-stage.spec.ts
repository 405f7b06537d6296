import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseDsn, publicDsn } from '../../lib/protocol/dsn';
import { encodeItems } from '../../lib/protocol/envelope';
import { Account } from '../../lib/transport/account';
import { createDelivery, type Delivery } from '../../lib/transport/delivery';
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

async function openStage(time: FakeTime, account = new Account(() => 0)): Promise<SpoolStage> {
  const dsn = parseDsn('http://public@127.0.0.1:1/1');
  let opened = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => (opened = resolve));
  const stage = new SpoolStage({
    directory,
    publicDsn: publicDsn(dsn, dsn.scheme),
    pauseMs: 10,
    logger: new RecordingLogger(),
    account,
    maxHeldBytes: 1_000_000,
    now: time.now,
    wallClock: Date.now,
    setTimer: time.setTimer,
    changed: () => opened(),
  });
  await isOpen;
  return stage;
}

function anEvent(time: FakeTime): Delivery {
  const envelope = eventEnvelope(1);
  return createDelivery({
    headers: envelope.headers,
    items: encodeItems(envelope),
    rank: 1,
    createdMs: Date.now(),
    sequence: 1,
    receivedMs: time.now(),
  });
}

function slowDisk(): { isSlow: Promise<void>; goOn: () => void } {
  let goOn = (): void => undefined;
  const isSlow = new Promise<void>((resolve) => (goOn = resolve));
  return { isSlow, goOn: () => goOn() };
}

it('what is given back to a slow disk is read soon, though somebody has looked in vain meanwhile', async () => {
  const time = new FakeTime();
  const stage = await openStage(time);
  expect(await stage.put(anEvent(time))).toBe(true);
  const taken = await stage.take();
  if (!taken) throw new Error('nothing is in the spool');

  const { isSlow, goOn } = slowDisk();
  const { release } = Spool.prototype;
  const released = vi.spyOn(Spool.prototype, 'release').mockImplementation(async function (
    this: Spool,
    claim,
  ) {
    await isSlow;
    await release.call(this, claim);
  });
  stage.giveBack(createDelivery({ ...taken, sequence: 1, receivedMs: time.now() }));
  expect(await stage.take()).toBeUndefined();
  goOn();
  await released.mock.results[0].value;
  time.advance(10);
  expect(stage.mayRead).toBe(true);
  expect(await stage.take()).toBeDefined();
  await stage.close(1000);
});

it('what the end cannot write is lost, and not in the spool as well when a slow disk is done with it', async () => {
  const time = new FakeTime();
  const account = new Account(() => 0);
  const stage = await openStage(time, account);
  const { isSlow, goOn } = slowDisk();
  const { put } = Spool.prototype;
  vi.spyOn(Spool.prototype, 'put').mockImplementation(async function (this: Spool, content) {
    await isSlow;
    return put.call(this, content);
  });
  vi.spyOn(Spool.prototype, 'putSync').mockReturnValue(undefined);
  const delivery = anEvent(time);
  const written = stage.put(delivery);
  expect(stage.putAll([delivery])).toEqual([delivery]);
  goOn();
  await written;
  expect(stage.ownQuantity).toBe(0);
  await stage.close(1000);
});
