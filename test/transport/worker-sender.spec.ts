import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { encodeItems } from '../../lib/protocol/envelope';
import { parseDsn } from '../../lib/protocol/dsn';
import { targetOf } from '../../lib/transport/http-target';
import type { SendResult } from '../../lib/transport/send-result';
import type { ServerSenderSettings } from '../../lib/transport/server.transport';
import { setTimer } from '../../lib/transport/set-timer';
import { WorkerSender } from '../../lib/transport/worker-sender';
import { compileTransport } from './support/compile-transport';
import { eventEnvelope, idOf } from './support/envelopes';
import { FakeTime } from './support/fake-time';
import { RecordingLogger } from './support/recording-logger';
import { receiverFor } from './support/setup';
import { SOON } from '../support/soon';

let compiled = '';
let own = '';
beforeAll(() => {
  compiled = compileTransport();
  own = mkdtempSync(join(tmpdir(), 'raven-threads-'));
});
afterAll(() => [compiled, own].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

let count = 0;

/** A program in the place of the real one. */
function script(code: string): string {
  const file = join(own, `thread-${(count += 1)}.js`);
  writeFileSync(file, `const { parentPort, workerData } = require('node:worker_threads');\n${code}`);
  return file;
}

/** Works as the real one, but does this first with each body. */
function scriptThat(code: string): string {
  return script(`
    parentPort.on('message', ({ body }) => {
      const text = Buffer.from(body).toString();
      ${code}
    });
    require(${JSON.stringify(join(compiled, 'transport/thread-sender.js'))});
  `);
}

function senderFor(
  dsn: string,
  file: string = join(compiled, 'transport/thread-sender.js'),
  settings: Partial<ServerSenderSettings> = {},
): { sender: WorkerSender; logger: RecordingLogger; send: (n: number) => Promise<SendResult> } {
  const logger = new RecordingLogger();
  const target = targetOf(parseDsn(dsn), 'envelope');
  const common = { target, maxSockets: 4, timeoutMs: 5000, setTimer, wallClock: Date.now, logger };
  const sender = new WorkerSender({ ...common, ...settings }, file);
  onTestFinished(() => sender.close());
  const send = (n: number): Promise<SendResult> => {
    const { headers, items } = eventEnvelope(n);
    return sender.send({ headers, items: encodeItems({ headers, items }) });
  };
  return { sender, logger, send };
}

const ENDED = { isUnsent: false, isStaleSocket: false };

describe('a thread that is lost', () => {
  it.each([
    ['an exception', "throw new Error('no more')", /no more/],
    ['its own exit', 'process.exit(3)', /exit code/],
    ['its memory', 'const all = []; for (;;) all.push(new Array(1000).fill(text + all.length));', /memory/],
  ])(
    'to %s loses nothing: what it had may have arrived, the next goes by another',
    async (_what, end, reason) => {
      const receiver = await receiverFor({
        respond: ({ event }) => (event?.event_id === idOf(1) ? 'hang' : {}),
      });
      const file = scriptThat(`if (text.includes('event 2')) { ${end} }`);
      const { logger, send } = senderFor(receiver.dsn(), file);
      const first = send(1);
      await receiver.waitForRequests(1);
      const second = send(2);
      for (const result of await Promise.all([first, second])) {
        expect(result).toMatchObject({ ...ENDED, networkError: expect.stringMatching(reason) as string });
      }
      expect(await send(3)).toMatchObject({ status: 200 });
      expect(logger.lines).toEqual([
        expect.stringMatching(
          /^warn: the thread for delivery ended: .*; the next delivery starts another one$/,
        ),
      ]);
    },
  );

  it('again and again has no other: the main thread delivers, and says so', async () => {
    const receiver = await receiverFor();
    const { logger, send } = senderFor(receiver.dsn(), scriptThat('process.exit(1)'));
    for (let n = 1; n <= 3; n++) expect(await send(n)).toMatchObject({ ...ENDED });
    expect(await send(4)).toMatchObject({ status: 200 });
    expect(logger.lines).toHaveLength(3);
    expect(logger.lines[2]).toMatch(/the main thread delivers from now on$/);
  });

  it('while it starts surely sent nothing, and is not started again', async () => {
    const receiver = await receiverFor();
    const { logger, send } = senderFor(receiver.dsn(), script("require('./nowhere')"));
    expect(await send(1)).toMatchObject({
      isUnsent: true,
      networkError: expect.stringContaining('nowhere') as string,
    });
    expect(await send(2)).toMatchObject({ status: 200 });
    expect(logger.lines).toEqual([expect.stringMatching(/the main thread delivers from now on$/)]);
  });

  it('tells no key by what it says', async () => {
    const receiver = await receiverFor();
    const file = scriptThat("throw new Error('bad ' + workerData.target.secrets.join())");
    const { logger, send } = senderFor(receiver.dsn('1', 'dsn-secret'), file);
    const result = await send(1);
    expect(result).toMatchObject({ networkError: expect.stringContaining('bad ***') as string });
    expect(JSON.stringify([result, logger.lines])).not.toMatch(/dsn-secret|public/);
  });

  it('is one that does not answer, too', async () => {
    const receiver = await receiverFor();
    const time = new FakeTime();
    const file = script("parentPort.on('message', () => undefined); parentPort.postMessage('ready');");
    const { logger, send } = senderFor(receiver.dsn(), file, { setTimer: time.setTimer });
    const results = [send(1), send(2)];
    time.advance(9999);
    await new Promise(setImmediate);
    expect(logger.lines).toEqual([]);
    time.advance(1);
    expect(await Promise.all(results)).toEqual([
      { ...ENDED, networkError: 'the thread for delivery does not answer' },
      { ...ENDED, networkError: expect.any(String) as string },
    ]);
    await logger.waitFor(/the thread for delivery ended/);
  });
});

describe('where there can be no thread', () => {
  it('because its script is not there, the main thread delivers at once, and says why', async () => {
    const receiver = await receiverFor();
    const { sender, logger, send } = senderFor(receiver.dsn(), join(own, 'missing.js'));
    sender.warmUp();
    expect(await Promise.all([send(1), send(2)])).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(logger.lines).toEqual([
      expect.stringMatching(/its script is not there.*; the main thread does it$/),
    ]);
  });
});

describe('the thread', () => {
  it('has of the environment what connections need, and nothing the app preloads', async () => {
    vi.stubEnv('NO_PROXY', 'localhost');
    vi.stubEnv('NODE_EXTRA_CA_CERTS', '/ca.pem');
    vi.stubEnv('NODE_OPTIONS', '--require ./instrument.js --tls-min-v1.2');
    vi.stubEnv('DATABASE_PASSWORD', 'hunter2');
    onTestFinished(() => void vi.unstubAllEnvs());
    const file = script(`
      parentPort.postMessage('ready');
      const networkError = JSON.stringify({ env: process.env, flags: process.execArgv });
      parentPort.on('message', ({ id }) => parentPort.postMessage({ id, result: { networkError } }));
    `);
    const { send } = senderFor('http://key@127.0.0.1:9/1', file);
    const { networkError } = (await send(1)) as { networkError: string };
    const { env, flags } = JSON.parse(networkError) as { env: NodeJS.ProcessEnv; flags: string[] };
    expect(env).toMatchObject({ NO_PROXY: 'localhost', NODE_EXTRA_CA_CERTS: '/ca.pem' });
    expect(Object.keys(env).filter((name) => /PASSWORD|NODE_OPTIONS|^PATH$|^HOME$/.test(name))).toEqual([]);
    expect(flags).toEqual(['--tls-min-v1.2']);
  });

  it('is one for each client', async () => {
    const receiver = await receiverFor();
    const file = scriptThat('process.exit(1)');
    const [dying, living] = [senderFor(receiver.dsn(), file), senderFor(receiver.dsn())];
    const results = await Promise.all([dying.send(1), living.send(2)]);
    expect(results).toMatchObject([ENDED, { status: 200 }]);
  });

  it('ends with its sender, and what is under way with it', async () => {
    const receiver = await receiverFor({ respond: () => 'hang' });
    const { sender, logger, send } = senderFor(receiver.dsn());
    const result = send(1);
    await receiver.waitForRequests(1);
    sender.close();
    expect(await result).toEqual({ ...ENDED, networkError: 'closed' });
    await vi.waitFor(async () => expect(await receiver.connectionCount()).toBe(0), SOON);
    expect(await send(2)).toEqual({ ...ENDED, networkError: 'closed' });
    sender.warmUp();
    expect(logger.lines).toEqual([]);
  });

  it('takes bodies of all sizes, and leaves the items as they are for the next attempt', async () => {
    const receiver = await receiverFor();
    const { sender } = senderFor(receiver.dsn());
    for (const size of [1, 3000, 5000, 70_000]) {
      const { headers, items } = eventEnvelope(size, 'error', { text: 'x'.repeat(size) });
      const delivery = { headers, items: encodeItems({ headers, items }) };
      const before = Buffer.from(delivery.items[0].bytes);
      for (let attempt = 0; attempt < 2; attempt++) {
        expect(await sender.send(delivery)).toMatchObject({ status: 200 });
      }
      expect(delivery.items[0].bytes.equals(before)).toBe(true);
    }
    const sizes = receiver.events.map(({ extra }) => String((extra as { text: string }).text).length);
    expect(sizes).toEqual([1, 1, 3000, 3000, 5000, 5000, 70_000, 70_000]);
  });
});
