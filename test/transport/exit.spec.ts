import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileTransport } from './support/compile-transport';
import { receiverFor, requiredTransport } from './support/setup';

const ROOT = join(__dirname, '../..');
let folder = '';

beforeAll(() => {
  folder = compileTransport();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs an app that has sent one event; ends it by force after a while, which gives a signal. */
function runApp(
  dsn: string,
  rest: string,
  signal?: AbortSignal,
): Promise<{ code: number | null; signal: string | null; output: string }> {
  const script = `
    const { parseDsn } = require('./protocol/dsn.js');
    ${requiredTransport()}
    const log = (message) => process.stdout.write(message + '\\n');
    const logger = { debug() {}, warn: log, error: log };
    const transport = new HttpTransport({ dsn: parseDsn(process.argv[2]), logger, timeoutMs: 60000 });
    const event_id = '0'.repeat(31) + '1';
    transport.send({ headers: { event_id }, items: [{ headers: { type: 'event' }, payload: { event_id } }] });
    ${rest}
  `;
  const file = join(folder, `app-${Math.random().toString(36).slice(2)}.js`);
  writeFileSync(file, script);
  const child = spawn(process.execPath, [file, dsn], {
    env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 45_000,
    signal,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, output }));
  });
}

describe('an app with something left to deliver', () => {
  it('ends by itself where no server is', async () => {
    const receiver = await receiverFor();
    await receiver.close();
    // What else it does is over once it has been told.
    const untilTold = `
      const busy = setInterval(() => {}, 20);
      logger.warn = logger.error = (message) => { log(message); clearInterval(busy); };
    `;
    for (const host of ['127.0.0.1', 'localhost']) {
      const run = await runApp(`http://key@${host}:${receiver.port}/1`, untilTold);
      expect(run).toMatchObject({ code: 0, signal: null });
      expect(run.output).toContain('cannot deliver');
    }
  });

  it('delivers while nothing else wakes the event loop', async () => {
    const receiver = await receiverFor();
    const over = new AbortController();
    // A listening server keeps the process alive, and nothing ever comes. The second event is sent when all of the first is over.
    const rest = `
      require('node:net').createServer().listen(0);
      const again = () => transport.send({ headers: {}, items: [{ headers: { type: 'event' }, payload: { event_id: '2'.repeat(32) } }] });
      transport.flush(5000).then(() => setTimeout(again, 300));
    `;
    const run = runApp(receiver.dsn(), rest, over.signal);
    run.catch(() => undefined);
    await receiver.waitForEvents(2);
    over.abort();
    await expect(run).rejects.toThrow(/aborted/);
  });

  it('ends by itself while a server hangs', async () => {
    const receiver = await receiverFor({ respond: () => 'hang' });
    const run = await runApp(receiver.dsn(), 'setTimeout(() => {}, 3000);');
    expect(run).toMatchObject({ code: 0, signal: null, output: '' });
    expect(receiver.requests).toHaveLength(1);
  });

  it('ends by itself with a kept-alive connection open', async () => {
    const receiver = await receiverFor();
    const run = await runApp(receiver.dsn(), 'transport.flush(10000);');
    expect(run).toMatchObject({ code: 0, signal: null, output: '' });
    expect(receiver.events).toHaveLength(1);
  });

  it('stays alive while it waits in flush, and no longer than that', async () => {
    const hanging = await receiverFor({ respond: () => 'hang' });
    const timedOut = await runApp(hanging.dsn(), "transport.flush(300).then((ok) => log('flushed ' + ok));");
    expect(timedOut).toMatchObject({ code: 0, signal: null, output: 'flushed false\n' });

    let answer = (): void => undefined;
    const slow = await receiverFor({
      respond: () => new Promise((resolve) => (answer = () => resolve({}))),
    });
    const app = runApp(slow.dsn(), "transport.flush(10000).then((ok) => log('flushed ' + ok));");
    await slow.waitForRequests(1);
    answer();
    expect(await app).toMatchObject({ code: 0, signal: null, output: 'flushed true\n' });
  });

  it('stays alive while it waits for one delivery', async () => {
    const receiver = await receiverFor({
      respond: () => new Promise((resolve) => setTimeout(() => resolve({}), 300)),
    });
    const deliver = `
      const event = { headers: {}, items: [{ headers: { type: 'event' }, payload: { event_id: 'a' } }] };
      transport.deliver(event).then(() => log('delivered'));
    `;
    expect(await runApp(receiver.dsn(), deliver)).toMatchObject({ code: 0, output: 'delivered\n' });
  });
});
