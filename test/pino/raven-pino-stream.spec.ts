import { Controller, Get, Logger, type INestApplication, type LoggerService } from '@nestjs/common';
import fc from 'fast-check';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, Tag, type RavenOptions } from 'nestjs-raven';
import { ravenPinoStream, type LogLine, type LogOptions } from 'nestjs-raven/pino';
import { newClient, type TestClient } from '../client/support/new-client';
import { errorOf, startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { get, PLATFORMS, startApp, type Platform } from '../support/test-app';

interface Logged extends TestClient {
  logger: pino.Logger;
}

function loggerTo(
  client: RavenClient,
  options: LogOptions = {},
  pinoOptions: pino.LoggerOptions = {},
): pino.Logger {
  return pino(
    { level: 'trace', ...pinoOptions },
    pino.multistream([{ stream: ravenPinoStream(client, options), level: 'trace' }]),
  );
}

function newLogger(
  options: LogOptions = {},
  pinoOptions: pino.LoggerOptions = {},
  clientOptions: RavenOptions = {},
): Logged {
  const client = newClient(clientOptions);
  return { ...client, logger: loggerTo(client.client, options, pinoOptions) };
}

describe('a line of level error or fatal', () => {
  const error = new RangeError('too far');
  it.each<[string, (logger: pino.Logger) => void, string]>([
    ['alone', (logger) => logger.error(error), 'too far'],
    ['before a text', (logger) => logger.error(error, 'no order %d', 17), 'no order 17'],
    ['as err', (logger) => logger.error({ err: error }, 'no order'), 'no order'],
    ['as error', (logger) => logger.error({ error }, 'no order'), 'no order'],
  ])('has the stack of the error itself: %s', (_, log, message) => {
    const logged = newLogger();
    log(logged.logger);
    logged.client.captureException(error);
    expect(logged.transport.events).toHaveLength(1);
    const [value] = logged.event().exception?.values ?? [];
    expect(value).toMatchObject({
      type: 'RangeError',
      value: 'too far',
      mechanism: { type: 'auto.log.pino', handled: true },
    });
    expect(value.stacktrace?.frames.at(-1)?.filename).toBe('test/pino/raven-pino-stream.spec.ts');
    expect(logged.event().logentry?.message).toBe(message);
  });

  it('is a message where there is no error, with what else was logged', () => {
    const logged = newLogger({}, { name: 'shop' });
    logged.logger.child({ order: 17 }).fatal({ cents: 3 }, 'not charged');
    expect(logged.event()).toMatchObject({
      level: 'fatal',
      logger: 'shop',
      logentry: { message: 'not charged' },
      extra: { 'log.params': { order: 17, cents: 3 } },
    });
  });

  it('is reported once', () => {
    const logged = newLogger();
    const error = new Error('once');
    logged.client.captureException(error);
    logged.logger.error(error);
    logged.logger.error({ err: error }, 'again');
    expect(logged.transport.events).toHaveLength(1);
  });

  it('keeps secret what pino redacts, and what belongs to the request', () => {
    const logged = newLogger({}, { redact: ['card'] });
    const req = { method: 'GET', headers: { cookie: 'session=hunter2' }, remoteAddress: '203.0.113.7' };
    logged.logger.info({ req, card: 'redacted-1' }, 'asked');
    logged.logger.error({ req, res: { statusCode: 200 }, card: 'redacted-2' }, 'failed');
    const sent = JSON.stringify(logged.transport.events);
    expect(sent).toContain('[Redacted]');
    expect(sent).not.toMatch(/redacted-\d|hunter2|203\.0\.113\.7/);
  });

  it('is no event where pino-http only says that a request was answered with an error', () => {
    const logged = newLogger();
    const res = { statusCode: 500 };
    const err = new Error('failed with status code 500');
    logged.logger.error({ res, err, responseTime: 3 }, 'request errored');
    expect(logged.transport.events).toEqual([]);
    logged.logger.error({ res, err: new Error('its own'), responseTime: 3 }, 'request errored');
    expect(logged.transport.events).toHaveLength(1);
    expect(logged.event().breadcrumbs?.values).toMatchObject([{ message: 'request errored' }]);
  });
});

describe('a line of any other level', () => {
  it.each([
    ['trace', 'debug'],
    ['debug', 'debug'],
    ['info', 'info'],
    ['warn', 'warning'],
  ] as const)('is a breadcrumb: %s', (level, expected) => {
    const logged = newLogger();
    logged.logger.child({ context: 'Orders' })[level]({ id: 17 }, 'a %s', 'step');
    expect(logged.transport.events).toEqual([]);
    logged.client.captureMessage('later');
    expect(logged.event().breadcrumbs?.values).toEqual([
      expect.objectContaining({ message: 'a step', level: expected, category: 'Orders', data: { id: 17 } }),
    ]);
  });

  it('is one also where it is long', () => {
    const logged = newLogger();
    logged.logger.info({ text: 'x'.repeat(100_000) }, 'long');
    logged.client.captureMessage('later');
    expect(logged.event().breadcrumbs?.values).toEqual([
      expect.objectContaining({ message: 'long', data: null }),
    ]);
  });
});

it('goes by names: they are ignored, or have a handler', () => {
  const lines: LogLine[] = [];
  const logged = newLogger({
    ignoreLoggers: [/^Health/],
    handlers: { Bank: (line) => void lines.push(line) },
  });
  logged.logger.child({ context: 'HealthCheck' }).error('ignored');
  logged.logger.child({ context: 'Bank' }).info('handled and kept');
  logged.logger.error('reported');
  expect(lines).toMatchObject([{ logger: 'Bank', message: 'handled and kept', level: 'info' }]);
  expect(logged.transport.events).toHaveLength(1);
  expect(logged.event().breadcrumbs?.values).toMatchObject([{ message: 'handled and kept' }]);
});

it('reads what it needs of the line where pino tells nothing beside it', () => {
  const { client, event, transport } = newClient();
  const stream = ravenPinoStream(client);
  const error = new TypeError('outer', { cause: new RangeError('inner') });
  pino({ name: 'shop' }, { write: (line: string) => stream.write(line) }).error(error, 'failed');
  expect(transport.events).toHaveLength(1);
  expect(event()).toMatchObject({ logger: 'shop', logentry: { message: 'failed' } });
  expect(event().exception?.values).toMatchObject([
    { type: 'RangeError', value: 'inner' },
    { type: 'TypeError', value: 'outer' },
  ]);
});

it('does no harm whatever is written', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `{"level":50,"err":${json}}`),
      ),
      (line) => {
        const { client, lines } = newClient();
        ravenPinoStream(client).write(line);
        client.captureMessage('later');
        expect(lines).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

/** What nestjs-pino's Logger does with what Nest logs, in short. */
class PinoNestLogger implements LoggerService {
  constructor(private readonly logger: pino.Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.call('info', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.call('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.call('error', message, rest);
  }

  private call(level: 'info' | 'warn' | 'error', message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const [stack] = rest.slice(0, -1);
    if (message instanceof Error) this.logger[level]({ context, err: message });
    // Of a stack it makes an error that has the text for its message.
    else if (typeof stack === 'string')
      this.logger[level]({ context, err: Object.assign(new Error(String(message)), { stack }) });
    else this.logger[level]({ context }, String(message));
  }
}

describe.each(PLATFORMS)('an app on %s that logs with pino', (platform) => {
  let receiver: Receiver;
  let app: INestApplication | undefined;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    Logger.overrideLogger(false);
    await app?.close();
    await receiver.close();
  });

  // Its stack begins with `Error`.
  class OrderFailed extends Error {}

  @Tag('team', 'shop')
  @Controller()
  class ShopController {
    private readonly logger = new Logger('Shop');

    @Get('thrown')
    thrown(): void {
      this.logger.log('about to fail');
      throw new Error('thrown');
    }
    @Get('rethrown')
    rethrown(): void {
      const error = new Error('rethrown');
      this.logger.error(error);
      throw error;
    }
    @Get('rethrown-text')
    rethrownText(): void {
      const error = new Error('rethrown-text');
      this.logger.error(error.message, error.stack);
      throw error;
    }
    @Get('handled-text')
    handledText(): string {
      this.logger.warn('about to fail');
      this.logger.error('not charged', new TypeError('the card', { cause: 'unknown' }).stack);
      return 'ok';
    }
    @Get('handled')
    handled(): string {
      this.logger.error(new OrderFailed('handled', { cause: new Error('below') }));
      return 'ok';
    }
  }

  async function startShop(on: Platform): Promise<INestApplication> {
    app = await startApp(receiver, { controllers: [ShopController] }, {}, on);
    app.useLogger(new PinoNestLogger(loggerTo(app.get(RavenClient))));
    Logger.log('Mapped {/thrown, GET} route', 'RouterExplorer');
    return app;
  }

  it.each(['thrown', 'rethrown', 'rethrown-text'])(
    'has one event of an error that is %s, in its request',
    async (path) => {
      await get(await startShop(platform), `/${path}`);
      await app?.close();
      app = undefined;
      expect(receiver.events.map(errorOf)).toEqual([path]);
      expect(receiver.events[0].transaction).toBe(`GET /${path}`);
      if (path !== 'thrown') return;
      expect(receiver.events[0].tags).toMatchObject({ team: 'shop' });
      expect(receiver.events[0].breadcrumbs.values.at(-1)).toMatchObject({
        message: 'about to fail',
        category: 'Shop',
      });
    },
  );

  async function eventOfHandled(path: string): Promise<ReceivedEvent> {
    await get(await startShop(platform), `/${path}`);
    await app?.close();
    app = undefined;
    expect(receiver.events).toHaveLength(1);
    return receiver.events[0];
  }

  it('has the error that a stack is of, and not the one that was made to carry it', async () => {
    const event = await eventOfHandled('handled-text');
    expect(event.logentry.message).toBe('not charged');
    expect(event.exception.values).toMatchObject([{ type: 'TypeError', value: 'the card' }]);
    expect(event.exception.values[0].stacktrace.frames.at(-1)).toMatchObject({
      filename: 'test/pino/raven-pino-stream.spec.ts',
    });
  });

  it('has an error that was logged as such with all that it tells', async () => {
    const event = await eventOfHandled('handled');
    expect(event.exception.values).toMatchObject([
      { type: 'Error', value: 'below' },
      { type: 'OrderFailed', value: 'handled' },
    ]);
  });

  it('has a breadcrumb of each line, and none of how Nest starts', async () => {
    const event = await eventOfHandled('handled-text');
    expect(event.breadcrumbs.values.filter(({ category }) => category !== 'request')).toMatchObject([
      { message: 'about to fail', category: 'Shop', level: 'warning' },
      { message: 'not charged', category: 'Shop', level: 'error' },
    ]);
  });
});
