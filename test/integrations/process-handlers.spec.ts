import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, RecordingTransport } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../support/receiver';
import { silentLogger } from '../support/silent-logger';
import { packageScripts, type Run, type Scripts } from './support/scripts';

/**
 * A client as a script makes one; nothing of it where the script runs without the package. What is to arrive has the time
 * for it, however busy the machine is.
 */
const CLIENT =
  'const client = DSN && new raven.RavenClient({ dsn: DSN, includeVersions: false, shutdownTimeoutMs: 15_000, ...globalThis.OPTIONS });';

let scripts: Scripts;
let receiver: Receiver;
beforeAll(() => {
  scripts = packageScripts();
});
afterAll(() => scripts.remove());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

/** Loading the package takes its time too: what counts is how long a script goes on from here. */
const TELL_TIME = `const begunMs = performance.now(); process.on('exit', () => console.log('took', performance.now() - begunMs));`;
/** What a busy machine may take beside the time that a script is given. */
const MARGIN_MS = 5000;
const toldMs = ({ stdout }: Run): number => Number(/took (\S+)/.exec(stdout)?.[1]);

/** Runs a script with the package and without. */
async function compare(source: string, nodeFlags: string[] = []): Promise<{ plain: Run; reporting: Run }> {
  const [plain, reporting] = await Promise.all([
    scripts.run(source, undefined, nodeFlags),
    scripts.run(source, receiver.dsn(), nodeFlags),
  ]);
  return { plain, reporting };
}

/**
 * What Node prints of an error that ends the process, without what differs from run to run: process ids,
 * script names, and the place the error was raised at last, of which the lines above the error speak.
 */
function report({ stderr }: Run): string {
  const error = stderr.replace(/^\n?[^\n]+:\d+\n[^\n]*\n *\^+\n+/, '');
  return error
    .replaceAll(/script-\d+/g, 'script')
    .replaceAll(/\(node:\d+\)/g, '(node:1)')
    .replaceAll(/rejection id: \d+/g, 'rejection id: 1')
    .replaceAll(/^ {4}at .*node:internal.*\n/gm, '');
}

describe('what nobody caught', () => {
  it.each([
    ['an error that was thrown', "throw new TypeError('boom');", 'TypeError', 'boom'],
    ['a text that was thrown', "throw 'boom';", 'String', 'boom'],
    ['null that was thrown', 'throw null;', 'Error', 'null'],
    ['an object that was thrown', 'throw { code: 7 };', 'Object', '"code":7'],
    [
      'an error that a promise was rejected with',
      "Promise.reject(new RangeError('boom'));",
      'RangeError',
      'boom',
    ],
    ['a text that a promise was rejected with', "Promise.reject('boom');", 'String', 'boom'],
    ['nothing that a promise was rejected with', 'Promise.reject();', 'Error', 'non-error'],
  ])('is reported, and the process ends as Node ends it: %s', async (_, fail, type, value) => {
    const source = `${CLIENT}\nsetTimeout(() => console.log('too late'), 60_000);\nfunction fail() { ${fail} }\nsetImmediate(fail);`;
    const { plain, reporting } = await compare(source);
    expect(plain).toMatchObject({ code: 1, signal: null, stdout: '' });
    expect(reporting).toMatchObject({ code: plain.code, signal: null, stdout: plain.stdout });
    expect(report(reporting)).toBe(report(plain));
    expect(receiver.events).toHaveLength(1);
    const [event] = receiver.events;
    const mechanism = fail.startsWith('Promise') ? 'onunhandledrejection' : 'onuncaughtexception';
    expect(event.level).toBe('fatal');
    expect(event.exception.values).toMatchObject([
      { value: expect.stringContaining(value) as string, mechanism: { type: `auto.node.${mechanism}` } },
    ]);
    expect(event.exception.values[0].type.toLowerCase()).toBe(type.toLowerCase());
    expect(event.exception.values[0].mechanism).toMatchObject({ handled: false });
  });

  it('while a script is loaded is reported as well', async () => {
    const { plain, reporting } = await compare(`${CLIENT}\nthrow new Error('at once');`);
    expect(reporting.code).toBe(plain.code);
    expect(report(reporting)).toBe(report(plain));
    expect(receiver.events[0].exception.values[0].value).toBe('at once');
  });

  it('arrives with everything that was captured before it', async () => {
    const source = `${CLIENT}\nclient.captureMessage('first');\nthrow new Error('then');`;
    expect(await scripts.run(source, receiver.dsn())).toMatchObject({ code: 1, signal: null });
    expect(receiver.events.map(({ level }) => level)).toEqual(['error', 'fatal']);
  });

  it('is not reported twice where it was captured before', async () => {
    const source = `${CLIENT}\nconst error = new Error('e');\nclient.captureException(error);\nthrow error;`;
    expect(await scripts.run(source, receiver.dsn())).toMatchObject({ code: 1 });
    expect(receiver.events.map(({ level }) => level)).toEqual(['error']);
  });

  it('is not reported twice where a request or job reported it before', async () => {
    const source = `${CLIENT}
      const { runInScope, WorkScope } = require('../dist/context/scope');
      const error = new Error('e');
      runInScope(new WorkScope(), () => client.captureException(error));
      throw error;`;
    expect(await scripts.run(source, receiver.dsn())).toMatchObject({ code: 1 });
    expect(receiver.events.map(({ level }) => level)).toEqual(['error']);
  });

  it('ends the process with its first error, and a second one is reported', async () => {
    const source = `${CLIENT}
      setImmediate(() => { throw new Error('first'); });
      setImmediate(() => { throw new Error('second'); });`;
    const run = await scripts.run(source, receiver.dsn());
    expect(run).toMatchObject({ code: 1, signal: null });
    expect(run.stderr).toContain('Error: first');
    expect(run.stderr).not.toContain('Error: second');
    expect(receiver.events.map(({ exception }) => exception.values[0].value).sort()).toEqual([
      'first',
      'second',
    ]);
  });

  it('ends the process in time where the server is dead', async () => {
    await receiver.close();
    const source = `globalThis.OPTIONS = { shutdownTimeoutMs: 300 };\n${CLIENT}\n${TELL_TIME}\nthrow new Error('boom');`;
    const { plain, reporting } = await compare(source);
    expect(reporting.code).toBe(plain.code);
    expect(reporting.stderr).toContain('Error: boom');
    expect(toldMs(reporting)).toBeLessThan(300 + MARGIN_MS);
  });

  it('ends the process in time where the server hangs', async () => {
    receiver.respondWith(() => 'hang');
    const source = `globalThis.OPTIONS = { shutdownTimeoutMs: 6000 };\n${CLIENT}\n${TELL_TIME}\nthrow new Error('boom');`;
    const run = await scripts.run(source, receiver.dsn());
    expect(run).toMatchObject({ code: 1, signal: null });
    expect(receiver.requests).toHaveLength(1);
    // Once, and not twice.
    expect(toldMs(run)).toBeLessThan(6000 + MARGIN_MS);
  });

  it('is reported to every client, and the process ends once', async () => {
    const source = `
      ${CLIENT}
      const other = new raven.RavenClient({ dsn: DSN.replace(/1$/, '2'), includeVersions: false, shutdownTimeoutMs: 15_000 });
      process.on('exit', (code) => console.log('exit', code));
      throw new Error('boom');`;
    const run = await scripts.run(source, receiver.dsn());
    expect(run).toMatchObject({ code: 1, signal: null, stdout: 'exit 1\n' });
    expect(run.stderr.match(/Error: boom/g)).toHaveLength(1);
    expect(receiver.requests.map(({ path }) => path).sort()).toEqual([
      '/api/1/envelope/',
      '/api/2/envelope/',
    ]);
  });
});

describe('named clients', () => {
  it('serve parts of an app: what ends the process is reported to the unnamed one, where there is one', async () => {
    const named = (name: string): string =>
      `new raven.RavenClient({ dsn: DSN.replace(/1$/, '${name}'), name: '${name}', includeVersions: false, shutdownTimeoutMs: 15_000 });`;
    const paths = (): string[] => receiver.requests.map(({ path }) => path).sort();
    await scripts.run(`${CLIENT}\n${named('billing')}\nthrow new Error('boom');`, receiver.dsn());
    expect(paths()).toEqual(['/api/1/envelope/']);
    await scripts.run(`${named('billing')}\n${named('mail')}\nthrow new Error('boom');`, receiver.dsn());
    expect(paths()).toEqual(['/api/1/envelope/', '/api/billing/envelope/', '/api/mail/envelope/']);
  });
});

describe("an app's own listener", () => {
  it('for exceptions keeps the process alive, is called once for each, and they are no fatal errors', async () => {
    const source = `${CLIENT}
      process.on('uncaughtException', (error, origin) => console.log('mine', error.message, origin));
      setImmediate(() => {
        setTimeout(() => Promise.reject(new Error('rejected')), 20);
        setTimeout(() => console.log('still here'), 60);
        throw new Error('thrown');
      });`;
    const { plain, reporting } = await compare(source);
    expect(plain.stdout).toBe(
      'mine thrown uncaughtException\nmine rejected unhandledRejection\nstill here\n',
    );
    expect(reporting).toMatchObject({ code: 0, signal: null, stdout: plain.stdout, stderr: '' });
    // Two requests that are under way together may arrive in any order.
    expect(receiver.events.map(({ level, exception }) => [level, exception.values[0].value]).sort()).toEqual([
      ['error', 'rejected'],
      ['error', 'thrown'],
    ]);
  });

  it('for rejections keeps the process alive', async () => {
    const source = `${CLIENT}
      process.on('unhandledRejection', (reason) => console.log('mine', reason));
      Promise.reject('a');
      setTimeout(() => Promise.reject('b'), 20);
      setTimeout(() => console.log('still here'), 60);`;
    const { plain, reporting } = await compare(source);
    expect(plain.stdout).toBe('mine a\nmine b\nstill here\n');
    expect(reporting).toMatchObject({ code: 0, signal: null, stdout: plain.stdout, stderr: '' });
    expect(receiver.events.map(({ level }) => level)).toEqual(['error', 'error']);
  });

  it('decides on the exit code', async () => {
    const source = `${CLIENT}
      process.on('uncaughtException', () => {
        process.exitCode = 42;
      });
      throw new Error('boom');`;
    expect(await scripts.run(source, receiver.dsn())).toMatchObject({ code: 42, stderr: '' });
    expect(receiver.events).toHaveLength(1);
  });
});

describe("Node's rule for rejections", () => {
  it.each(['warn', 'none'])('"%s" is kept: they do not end the process', async (mode) => {
    const source = `${CLIENT}\nPromise.reject(new Error('rejected'));\nsetTimeout(() => console.log('still here'), 60);`;
    const { plain, reporting } = await compare(source, [`--unhandled-rejections=${mode}`]);
    expect(reporting).toMatchObject({ code: 0, signal: null, stdout: 'still here\n' });
    expect(report(reporting)).toBe(report(plain));
    expect(receiver.events.map(({ level }) => level)).toEqual(['error']);
  });

  it.each(['strict', 'warn-with-error-code'])('"%s" is kept', async (mode) => {
    const source = `${CLIENT}\nPromise.reject(new Error('rejected'));`;
    const { plain, reporting } = await compare(source, [`--unhandled-rejections=${mode}`]);
    expect(plain.code).toBe(1);
    expect(reporting).toMatchObject({ code: 1, signal: null });
    expect(reporting.stderr).toContain('Error: rejected');
    expect(receiver.events.map(({ level }) => level)).toEqual(['fatal']);
  });
});

describe('a script', () => {
  it('delivers what it captured and waits for with flush', async () => {
    const source = `${CLIENT}
      client.captureMessage('hello');
      client.flush(15_000).then((isDelivered) => { console.log(isDelivered); process.exit(); });`;
    expect(await scripts.run(source, receiver.dsn())).toMatchObject({ code: 0, stdout: 'true\n' });
    expect(receiver.events.map(({ logentry }) => logentry.message)).toEqual(['hello']);
  });

  it('that captures and simply ends delivers, also with a hook that takes its time', async () => {
    const source = `
      globalThis.OPTIONS = {
        includeVersions: true,
        beforeSend: (event) => new Promise((resolve) => setTimeout(resolve, 50, event).unref()),
      };
      ${CLIENT}
      client.captureMessage('last words');
      client.send({ message: 'as it stands' });`;
    const run = await scripts.run(source, receiver.dsn());
    expect(run).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(receiver.events.map(({ logentry }) => logentry.message).sort()).toEqual([
      'as it stands',
      'last words',
    ]);
  });

  it('that captures and simply ends is held up by a dead server no longer than the time', async () => {
    await receiver.close();
    const source = `globalThis.OPTIONS = { shutdownTimeoutMs: 300 };\n${CLIENT}\n${TELL_TIME}\nclient.captureMessage('m');`;
    const run = await scripts.run(source, receiver.dsn());
    expect(run).toMatchObject({ code: 0, signal: null });
    expect(toldMs(run)).toBeLessThan(300 + MARGIN_MS);
  });

  it('is never kept alive by the client', async () => {
    const source = `${CLIENT}
      client.captureBreadcrumb({ message: 'm' });
      client.captureMessage('m');
      client.flush(15_000).then(() => console.log('done'));`;
    const run = await scripts.run(source, receiver.dsn());
    expect(run).toMatchObject({ code: 0, signal: null, stdout: 'done\n' });
    expect(await scripts.run(CLIENT, receiver.dsn())).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('is left alone where the client must not listen to the process', async () => {
    const listeners = `console.log(['uncaughtException', 'unhandledRejection', 'beforeExit', 'exit', 'SIGTERM'].map((name) => process.listenerCount(name)).join());`;
    const source = `
      globalThis.OPTIONS = { installProcessHandlers: false };
      ${CLIENT}
      ${listeners}
      throw new Error('boom');`;
    const { plain, reporting } = await compare(source);
    expect(reporting).toMatchObject({ code: plain.code, stdout: plain.stdout });
    // Nothing raised the error again: the place of the throw is there too.
    expect(reporting.stderr.replaceAll(/script-\d+/g, '')).toBe(plain.stderr.replaceAll(/script-\d+/g, ''));
    expect(receiver.requests).toEqual([]);
  });

  it('is left alone once the client is closed', async () => {
    const source = `${CLIENT}
      const closed = client ? client.close(15_000) : Promise.resolve();
      closed.then(() => setImmediate(() => { throw new Error('boom'); }));`;
    const { plain, reporting } = await compare(source);
    expect(reporting.code).toBe(plain.code);
    expect(reporting.stderr.replaceAll(/script-\d+/g, '')).toBe(plain.stderr.replaceAll(/script-\d+/g, ''));
    expect(receiver.requests).toEqual([]);
  });
});

describe('the listeners of the process', () => {
  const EVENTS = ['uncaughtException', 'unhandledRejection', 'beforeExit'];
  const counts = (): number[] => EVENTS.map((name) => process.listenerCount(name));
  const newClient = (options = {}): RavenClient =>
    new RavenClient(
      { dsn: 'http://public@localhost/1', transport: new RecordingTransport(), ...options },
      { logger: silentLogger, env: {} },
    );

  it('are one each for all clients, while there is one that wants them', async () => {
    const before = counts();
    const unwanted = [newClient({ installProcessHandlers: false }), newClient({ enabled: false })];
    expect(counts()).toEqual(before);
    const first = newClient();
    const second = newClient();
    expect(counts()).toEqual(before.map((count) => count + 1));
    await first.close(0);
    await first.close(0);
    expect(counts()).toEqual(before.map((count) => count + 1));
    await second.close(0);
    expect(counts()).toEqual(before);
    for (const client of unwanted) await client.close(0);
  });
});
