import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InvalidOptionsError } from 'nestjs-raven';
import ravenPinoTransport, { type RavenPinoTransportOptions } from 'nestjs-raven/pino';
import { packageScripts, type Scripts } from '../integrations/support/scripts';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

describe('the transport', () => {
  /** Writes and waits for the end, as pino's worker does. */
  async function write(chunks: (string | Buffer)[], options: RavenPinoTransportOptions = {}): Promise<void> {
    const stream = ravenPinoTransport({
      dsn: receiver.dsn(),
      includeVersions: false,
      shutdownTimeoutMs: 15_000,
      ...options,
    });
    for (const chunk of chunks) stream.write(chunk);
    await new Promise<void>((resolve) => {
      stream.once('close', resolve);
      stream.end();
    });
  }

  it('is closed once what was logged is delivered', async () => {
    await write(['{"level":30,"msg":"a step"}\n', '{"level":60,"name":"shop","msg":"the end"}\n']);
    expect(receiver.events).toMatchObject([
      { level: 'fatal', logger: 'shop', logentry: { message: 'the end' } },
    ]);
    expect(receiver.events[0].breadcrumbs.values).toMatchObject([{ message: 'a step', level: 'info' }]);
  });

  it('takes lines however they are cut, also the last one', async () => {
    const bytes = Buffer.from('{"level":50,"msg":"größer"}\n{"level":50,"msg":"zweite"}');
    await write([...bytes].map((byte) => Buffer.from([byte])));
    expect(receiver.events.map(({ logentry }) => logentry.message).sort()).toEqual(['größer', 'zweite']);
  });

  it('has options of the client and of what becomes of lines', async () => {
    await write(['{"level":50,"context":"Noise","msg":"ignored"}\n{"level":40,"msg":"careful"}\n'], {
      environment: 'staging',
      eventLevels: ['warning'],
      ignoreLoggers: ['Noise'],
    });
    expect(receiver.events).toMatchObject([{ environment: 'staging', logentry: { message: 'careful' } }]);
    expect(() => ravenPinoTransport({ dns: receiver.dsn() } as never)).toThrow(InvalidOptionsError);
  });

  it('takes what is no line for none', async () => {
    await write(['\n\n', 'null\n', '"text"\n', '{"level":50,\n', Buffer.from([0xff, 0x0a])]);
    // The level of a line that was cut is known, its message is not.
    expect(receiver.events.map(({ logentry }) => logentry.message)).toEqual(['{"level":50,']);
  });
});

describe('in a process of its own', () => {
  let scripts: Scripts;
  beforeAll(() => {
    scripts = packageScripts();
  });
  afterAll(() => scripts?.remove());

  /** A script with a logger whose lines go to the worker. */
  const script = (body: string): string => `
    const pino = require('pino');
    const transport = pino.transport({
      target: require.resolve('../dist/pino'),
      options: { dsn: DSN, ignoreLoggers: [/^Noise/] },
    });
    const logger = pino({ name: 'shop' }, transport);
    ${body}`;

  it('reports from a worker, with the errors and their causes, until the process ends', async () => {
    const { code, stderr } = await scripts.run(
      script(`
        class OrderError extends Error {}
        function load() {
          throw Object.assign(new OrderError('no order', { cause: new RangeError('17') }), { code: 'E_ORDER' });
        }
        logger.info('a step');
        logger.child({ context: 'Noise' }).error('ignored');
        try { load(); } catch (error) { logger.error(error, 'failed'); }
      `),
      receiver.dsn(),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(receiver.events).toHaveLength(1);
    const [event] = receiver.events;
    expect(event).toMatchObject({ level: 'error', logger: 'shop', logentry: { message: 'failed' } });
    expect(event.exception.values).toMatchObject([
      { type: 'RangeError', value: '17' },
      { type: 'OrderError', value: 'no order', mechanism: { type: 'auto.log.pino', handled: true } },
    ]);
    expect(event.exception.values[1].stacktrace.frames.at(-1)).toMatchObject({ function: 'load' });
    expect(event.breadcrumbs.values).toMatchObject([{ message: 'a step' }]);
  });

  it('delivers what was logged last where the process exits by force', async () => {
    const { code } = await scripts.run(
      script(`
        transport.on('ready', () => {
          logger.fatal(new Error('the last one'));
          process.exit(3);
        });
      `),
      receiver.dsn(),
    );
    expect(code).toBe(3);
    expect(receiver.events.map(errorOf)).toEqual(['the last one']);
  });

  it('stands beside other targets, with levels of the app’s own', async () => {
    const { code, stdout, stderr } = await scripts.run(
      `
        const pino = require('pino');
        const logger = pino({
          customLevels: { alarm: 65 },
          transport: {
            targets: [
              { target: require.resolve('../dist/pino'), options: { dsn: DSN } },
              { target: 'pino/file' },
            ],
          },
        });
        logger.alarm(new Error('alarmed'));
      `,
      receiver.dsn(),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('alarmed');
    expect(receiver.events).toMatchObject([{ level: 'fatal' }]);
    expect(receiver.events.map(errorOf)).toEqual(['alarmed']);
  });

  it('keeps no process alive', async () => {
    const { code, signal } = await scripts.run(script(`logger.info('only a step');`), receiver.dsn());
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(receiver.requests).toEqual([]);
  });
});
