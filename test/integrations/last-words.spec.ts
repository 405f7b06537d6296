import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startReceiver, type Receiver } from '../support/receiver';
import { packageScripts, type Scripts } from './support/scripts';

/** What is to arrive has the time for it, however busy the machine is. */
const CLIENT = `const client = new raven.RavenClient({ dsn: DSN, shutdownTimeoutMs: 15_000, ...globalThis.OPTIONS });`;

let scripts: Scripts;
let receiver: Receiver;
let directory = '';

beforeAll(() => {
  scripts = packageScripts();
});
afterAll(() => scripts.remove());
beforeEach(async () => {
  receiver = await startReceiver();
  directory = mkdtempSync(join(tmpdir(), 'raven-last-words-'));
});
afterEach(async () => {
  await receiver.close();
  rmSync(directory, { recursive: true, force: true });
});

const withOptions = (options: object): string =>
  `globalThis.OPTIONS = ${JSON.stringify(options)};\n${CLIENT}\n`;
const messages = (): (string | undefined)[] =>
  receiver.events.map(({ logentry }) => logentry?.message).sort();
const spooled = (): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.envelope'));

describe('a process that ends at once', () => {
  it('has what it captured delivered all the same', async () => {
    const source = `${CLIENT}
      client.captureMessage('first');
      client.captureException(new Error('second'));
      process.exit(3);`;
    const run = await scripts.run(source, receiver.dsn('1', 'verysecret'));
    expect(run).toMatchObject({ code: 3, signal: null });
    expect(receiver.events).toHaveLength(2);
    expect(receiver.requests[0].headers['x-sentry-auth']).toContain('sentry_secret=verysecret');
    expect(run.stdout + run.stderr).not.toContain('undelivered');
  });

  it('has it delivered out of a timer too', async () => {
    const source = `${CLIENT}
      setTimeout(() => { client.captureMessage('in a timer'); process.exit(0); }, 10);`;
    await scripts.run(source, receiver.dsn());
    expect(messages()).toEqual(['in a timer']);
  });

  it('sends with the envelope protocol or the store protocol, as it was told', async () => {
    const source = `${withOptions({ protocol: 'store' })} client.captureMessage('m'); process.exit();`;
    await scripts.run(source, receiver.dsn());
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/api/1/store/']);
    expect(messages()).toEqual(['m']);
  });

  it('ends in time where the server hangs, and tells what is lost', async () => {
    receiver.respondWith(() => 'hang');
    const source = `${withOptions({ shutdownTimeoutMs: 500 })}
      client.captureMessage('m');
      console.log('ending', Date.now());
      process.on('exit', () => console.log('ended', Date.now()));
      process.exit();`;
    const run = await scripts.run(source, receiver.dsn());
    expect(run).toMatchObject({ code: 0, signal: null });
    const [begun, ended] = ['ending', 'ended'].map((word) =>
      Number(new RegExp(`${word} (\\d+)`).exec(run.stdout)?.[1]),
    );
    expect(ended - begun).toBeLessThan(500 + 5000);
    expect(run.stdout + run.stderr).toMatch(/the process ends with 1 undelivered/);
  });

  it('tells what is lost where the server is dead, without the secret', async () => {
    await receiver.close();
    const source = `${withOptions({ shutdownTimeoutMs: 500 })} client.captureMessage('m'); process.exit();`;
    const run = await scripts.run(source, receiver.dsn('1', 'verysecret'));
    expect(run.stdout + run.stderr).toMatch(/the process ends with 1 undelivered/);
    expect(run.stdout + run.stderr).not.toContain('verysecret');
  });

  it('starts no process where there is nothing to deliver, or no time', async () => {
    const source = (options: object): string => `
      const { syncBuiltinESMExports } = require('node:module');
      const childProcess = require('node:child_process');
      const { spawnSync } = childProcess;
      childProcess.spawnSync = (...args) => { console.log('spawned'); return spawnSync(...args); };
      ${withOptions(options)}`;
    const idle = await scripts.run(`${source({})} process.exit();`, receiver.dsn());
    expect(idle.stdout).not.toContain('spawned');
    const hurried = `${source({ shutdownTimeoutMs: 0 })} client.captureMessage('m'); process.exit();`;
    expect((await scripts.run(hurried, receiver.dsn())).stdout).not.toContain('spawned');
    const flushed = `${source({})} client.captureMessage('m'); client.flush().then(() => process.exit());`;
    expect((await scripts.run(flushed, receiver.dsn())).stdout).not.toContain('spawned');
    expect(messages()).toEqual(['m']);
  });

  it('leaves it in the spool, where there is one, and the next process delivers it', async () => {
    await receiver.close();
    const options = withOptions({ spool: { directory, pauseMs: 1 } });
    const source = `${options}
      for (let n = 0; n < 50; n++) client.captureMessage('m' + n);
      process.exit();`;
    const run = await scripts.run(source, receiver.dsn());
    expect(spooled()).toHaveLength(50);
    expect(run.stdout + run.stderr).toMatch(/closed with 50 undelivered .* the spool has them/);
    expect(run.stdout + run.stderr).not.toMatch(/the process ends with/);
    receiver = await startReceiver({ port: receiver.port });
    const next = scripts.run(
      `${options} const timer = setInterval(() => {
        if (client.stats().recovered < 50) return;
        clearInterval(timer);
        void client.close();
      }, 5);`,
      receiver.dsn(),
    );
    await receiver.waitForEvents(50);
    expect((await next).code).toBe(0);
    expect(new Set(receiver.events.map(({ event_id }) => event_id)).size).toBe(50);
    expect(spooled()).toEqual([]);
  });

  it('does not send what a hook has not let through yet', async () => {
    const source = `const client = new raven.RavenClient({
        dsn: DSN,
        beforeSend: (event) => new Promise((resolve) => setTimeout(resolve, 1000, event)),
      });
      client.captureMessage('m');
      setImmediate(() => process.exit());`;
    const run = await scripts.run(source, receiver.dsn());
    expect(receiver.requests).toEqual([]);
    expect(run.stdout + run.stderr).toMatch(/beforeSend did not end in time/);
  });
});

describe('a script that ends by itself', () => {
  it('tells what it could not deliver to a dead server, having waited once', async () => {
    await receiver.close();
    const source = `${withOptions({ shutdownTimeoutMs: 300 })} client.captureMessage('m');`;
    const run = await scripts.run(source, receiver.dsn());
    expect(run).toMatchObject({ code: 0, signal: null });
    expect((run.stdout + run.stderr).match(/the process ends with 1 undelivered/g)).toHaveLength(1);
  });

  it('leaves what a dead server did not take in the spool', async () => {
    await receiver.close();
    const source = `${withOptions({ shutdownTimeoutMs: 300, spool: { directory } })} client.captureMessage('m');`;
    expect(await scripts.run(source, receiver.dsn())).toMatchObject({ code: 0, signal: null });
    expect(spooled()).toHaveLength(1);
  });

  it('of an uncaught exception leaves both in the spool where the server is dead', async () => {
    await receiver.close();
    const source = `${withOptions({ shutdownTimeoutMs: 300, spool: { directory } })}
      client.captureMessage('m');
      throw new Error('boom');`;
    expect(await scripts.run(source, receiver.dsn())).toMatchObject({ code: 1, signal: null });
    expect(spooled()).toHaveLength(2);
  });
});

describe('a script', () => {
  it('that captures in each beforeExit ends all the same, and what it captured arrives', async () => {
    const source = `${CLIENT}
      client.captureMessage('early');
      let n = 0;
      process.on('beforeExit', () => client.captureMessage('bye ' + n++));`;
    const run = await scripts.run(source, receiver.dsn());
    expect(run).toMatchObject({ code: 0, signal: null });
    expect(messages()).toContain('early');
    expect(messages()).toContain('bye 0');
    expect(messages().length).toBeLessThan(10);
  });

  it('that ends while a flush is under way loses nothing', async () => {
    receiver.respondWith(() => new Promise((resolve) => setTimeout(resolve, 300, {})));
    const source = `${CLIENT} client.captureMessage('m'); void client.flush(); process.exit();`;
    await scripts.run(source, receiver.dsn());
    expect(messages()).toEqual(['m']);
  });

  it('tells the server what it lost though nothing else was sent', async () => {
    const source = `${withOptions({ sampleRate: 0 })} client.captureMessage('m');`;
    await scripts.run(source, receiver.dsn());
    const [report] = receiver.envelopes.flatMap(({ items }) => items);
    expect(report.payload).toMatchObject({ discarded_events: [{ reason: 'sample_rate', quantity: 1 }] });
  });

  it('with several clients waits as long as one would', async () => {
    receiver.respondWith(() => 'hang');
    const source = `
      for (const n of [1, 2, 3]) {
        new raven.RavenClient({ dsn: DSN, shutdownTimeoutMs: 3000 }).captureMessage('m' + n);
      }
      console.log('ending', Date.now());
      process.on('exit', () => console.log('ended', Date.now()));
      process.exit();`;
    const { stdout } = await scripts.run(source, receiver.dsn());
    const [begun, ended] = ['ending', 'ended'].map((word) =>
      Number(new RegExp(`${word} (\\d+)`).exec(stdout)?.[1]),
    );
    // One after the other, they would wait nine seconds.
    expect(ended - begun).toBeLessThan(8500);
  });

  it('shows no key where the client is logged', async () => {
    const source = `${CLIENT} console.log(client, JSON.stringify({ client }));`;
    const { stdout } = await scripts.run(source, receiver.dsn('1', 'verysecret'));
    expect(stdout).toContain('RavenClient');
    expect(stdout).not.toContain('verysecret');
  });
});
