import { ConsoleLogger, Logger } from '@nestjs/common';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { RavenLogger, type LogLine, type RavenLoggerOptions, type RavenOptions } from 'nestjs-raven';
import { newClient, type TestClient } from '../client/support/new-client';
import { printedTexts } from '../support/printed-texts';

let printed: string[];
beforeEach(() => {
  printed = printedTexts();
});
afterEach(() => void vi.restoreAllMocks());

interface Logged extends TestClient {
  logger: RavenLogger;
}

function newLogger(options: RavenLoggerOptions = {}, clientOptions: RavenOptions = {}): Logged {
  const client = newClient(clientOptions);
  return { ...client, logger: new RavenLogger(client.client, { colors: false, ...options }) };
}

function exceptionOf({ event }: Logged): { type?: string; value?: string; mechanism?: unknown } {
  const [value] = event().exception?.values.slice(-1) ?? [];
  return value ?? {};
}

describe('a line of level error or fatal', () => {
  it('is an event with the name of the logger', () => {
    const logged = newLogger();
    logged.logger.fatal('no disk', 'Storage');
    expect(logged.event()).toMatchObject({
      level: 'fatal',
      logger: 'Storage',
      logentry: { message: 'no disk' },
    });
    expect(logged.event().exception).toBeUndefined();
  });

  const error = new RangeError('too far');
  it.each<[string, unknown[], string]>([
    ['the message', [error], 'RangeError: too far'],
    ['the message, before a context', [error, 'Orders'], 'RangeError: too far'],
    ['behind a text', ['no order', error], 'no order'],
    ['behind a text, before a context', ['no order', error, 'Orders'], 'no order'],
    ['among parameters', ['no order', { id: 1 }, error, 'Orders'], 'no order'],
    ['in an object as err', [{ err: error, msg: 'no order' }], 'no order'],
    ['in an object as error', ['no order', { error }], 'no order'],
  ])('has the stack of the error that is %s', (_, args, message) => {
    const logged = newLogger();
    logged.logger.error(...(args as [unknown]));
    expect(exceptionOf(logged)).toMatchObject({
      type: 'RangeError',
      value: 'too far',
      mechanism: { type: 'auto.log.nestjs', handled: true },
    });
    expect(logged.event().exception?.values[0].stacktrace?.frames.at(-1)?.filename).toBe(
      'test/logger/raven.logger.spec.ts',
    );
    expect(logged.event().logentry?.message).toBe(message);
    expect(logged.transport.events).toHaveLength(1);
  });

  it('has the error that a stack given as a text is of', () => {
    const logged = newLogger();
    const { message, stack } = new TypeError('no id');
    logged.logger.error(message, stack, 'Orders');
    expect(exceptionOf(logged)).toMatchObject({ type: 'TypeError', value: 'no id' });
    expect(logged.event()).toMatchObject({ logger: 'Orders', logentry: { message: 'no id' } });
    expect(logged.event().exception?.values[0].stacktrace?.frames.at(-1)?.filename).toBe(
      'test/logger/raven.logger.spec.ts',
    );
  });

  it('is a message with a stack where the text does not say what error it is of', () => {
    const logged = newLogger();
    logged.logger.error('it broke', `order 17: broken\n    at work (/app/a.js:1:2)`);
    expect(logged.event().exception).toBeUndefined();
    expect(logged.event().logentry?.message).toBe('it broke');
    expect(logged.event().threads?.values[0].stacktrace?.frames).toMatchObject([{ function: 'work' }]);
  });

  it('carries what else was logged, and no secret', () => {
    const logged = newLogger();
    logged.logger.error('no order', { id: 17, password: 'hunter2' }, 'Orders');
    expect(logged.event().extra).toMatchObject({ 'log.params': { id: 17 } });
    expect(JSON.stringify(logged.transport.events)).not.toContain('hunter2');
  });

  it('is reported once, by whom ever first', () => {
    const logged = newLogger();
    const reported = new Error('reported');
    logged.client.captureException(reported);
    logged.logger.error('again', reported);
    logged.logger.error(reported.message, reported.stack, 'Orders');
    const first = new Error('logged');
    logged.logger.error(first);
    logged.client.captureException(first);
    expect(logged.transport.events).toHaveLength(2);
  });

  it('is an event of its own where the error is another one with the same text', () => {
    const logged = newLogger();
    for (let count = 0; count < 2; count++) logged.logger.error(new Error('same'));
    expect(logged.transport.events).toHaveLength(2);
  });

  it('knows a stack by its text for ten seconds', () => {
    let nowMs = 1_000_000;
    const { client, transport } = newClient({}, { now: () => nowMs });
    const logger = new RavenLogger(client);
    const error = new Error('reported');
    client.captureException(error);
    nowMs += 9_999;
    logger.error(error.message, error.stack);
    expect(transport.events).toHaveLength(1);
    nowMs += 2;
    logger.error(error.message, error.stack);
    expect(transport.events).toHaveLength(2);
  });

  it('leaves a breadcrumb for the events after it', () => {
    const logged = newLogger();
    logged.logger.error('first', 'Orders');
    logged.logger.error('second', 'Orders');
    expect(logged.event().breadcrumbs?.values).toMatchObject([
      { message: 'first', level: 'error', category: 'Orders' },
    ]);
  });

  it('is fatal also where Nest does not know the level, as its first releases of 10', () => {
    const own = Object.getOwnPropertyDescriptor(ConsoleLogger.prototype, 'fatal');
    Reflect.deleteProperty(ConsoleLogger.prototype, 'fatal');
    onTestFinished(() => void Object.defineProperty(ConsoleLogger.prototype, 'fatal', own ?? {}));
    const logged = newLogger();
    logged.logger.fatal('no disk', 'Storage');
    expect(logged.event()).toMatchObject({ level: 'fatal', logger: 'Storage' });
    expect(printed.join('')).toContain('no disk');
  });

  it('is as bad as the logger says, whatever the context', () => {
    const logged = newLogger();
    logged.client.context.merge({ level: 'info', logger: 'other' });
    logged.logger.fatal('bad', 'Orders');
    expect(logged.event()).toMatchObject({ level: 'fatal', logger: 'Orders' });
  });
});

describe('a line of any other level', () => {
  it.each([
    ['verbose', 'debug'],
    ['debug', 'debug'],
    ['log', 'info'],
    ['warn', 'warning'],
  ] as const)('is a breadcrumb: %s', (level, expected) => {
    const logged = newLogger();
    logged.logger[level]('a step', { id: 1 }, 'Orders');
    expect(logged.transport.events).toEqual([]);
    logged.client.captureMessage('later');
    expect(logged.event().breadcrumbs?.values).toMatchObject([
      { message: 'a step', level: expected, category: 'Orders', data: { params: [{ id: 1 }] } },
    ]);
  });

  it('is formatted only when an event is built', () => {
    const logged = newLogger({ json: false }, {});
    const toJSON = vi.fn(() => 'an order');
    vi.spyOn(ConsoleLogger.prototype, 'log').mockImplementation(() => undefined);
    logged.logger.log({ toJSON }, 'Orders');
    expect(toJSON).not.toHaveBeenCalled();
    logged.client.captureMessage('later');
    expect(logged.event().breadcrumbs?.values[0].message).toBe('an order');
  });

  it('is none where breadcrumbs of loggers are off', () => {
    const logged = newLogger({}, { breadcrumbSources: { logger: false } });
    logged.logger.log('a step');
    logged.logger.error('an event');
    expect(logged.event().breadcrumbs).toBeUndefined();
  });

  it('is an event where the options say so', () => {
    const logged = newLogger({ eventLevels: ['warning'] });
    logged.logger.error('no event');
    logged.logger.warn('an event');
    expect(logged.transport.events.map(({ logentry }) => logentry?.message)).toEqual(['an event']);
  });
});

describe('a line', () => {
  it('is printed as ConsoleLogger prints it', () => {
    const options = { json: true, colors: false, context: 'App' };
    const logged = newLogger(options);
    const plain = new ConsoleLogger('App', options);
    const withoutTime = (text: string): string => text.replace(/"timestamp":\d+/, '');
    for (const logger of [plain, logged.logger]) {
      logger.log('a step', { id: 1 });
      logger.error('failed', 'Error: failed\n    at work (/app/a.js:1:2)', 'Orders');
    }
    expect(printed.slice(2).map(withoutTime)).toEqual(printed.slice(0, 2).map(withoutTime));
    expect(printed).toHaveLength(4);
    expect(logged.event().breadcrumbs?.values[0].category).toBe('App');
  });

  it('does not count where its level is not printed', () => {
    const logged = newLogger({ logLevels: ['fatal'] });
    logged.logger.error('not printed');
    logged.logger.log('not printed');
    logged.client.captureMessage('later');
    expect(logged.transport.events).toHaveLength(1);
    expect(logged.event().breadcrumbs).toBeUndefined();
    expect(printed).toEqual([]);
  });

  it('is nothing where its logger is ignored', () => {
    const logged = newLogger({ ignoreLoggers: ['Noise', /^Health/g] });
    for (const name of ['Noise', 'HealthCheck', 'HealthCheck']) {
      logged.logger.error('ignored', name);
      logged.logger.log('ignored', name);
    }
    logged.logger.error('reported', 'MyHealth');
    expect(logged.transport.events).toHaveLength(1);
    expect(logged.event()).toMatchObject({ logger: 'MyHealth' });
    expect(logged.event().breadcrumbs).toBeUndefined();
  });

  it('is for its handler first', () => {
    const lines: LogLine[] = [];
    const logged: Logged = newLogger({
      handlers: {
        Bank: (line) => {
          lines.push(line);
          logged.logger.debug('seen', 'Bank');
          return line.level === 'error';
        },
        Broken: () => {
          throw new Error('broken handler');
        },
        Late: (() => Promise.reject(new Error('nobody waits for it'))) as never,
      },
    });
    const error = new Error('closed');
    logged.logger.error('refused', error, 'Bank');
    logged.logger.fatal('gone', 'Bank');
    logged.logger.error('still reported', 'Broken');
    logged.logger.error('also reported', 'Late');
    expect(lines).toMatchObject([
      { level: 'error', logger: 'Bank', message: 'refused', error },
      { level: 'fatal', logger: 'Bank', message: 'gone' },
    ]);
    expect(logged.transport.events.map(({ logentry }) => logentry?.message)).toEqual([
      'gone',
      'still reported',
      'also reported',
    ]);
    expect(logged.lines).toEqual([expect.stringContaining('the handler of the logger "Broken" failed')]);
  });

  it('is not reported by a hook of the client, nor what the client says itself', () => {
    const logged: Logged = newLogger(
      {},
      {
        beforeSend: (event) => {
          logged.logger.error('in the hook');
          return event;
        },
      },
    );
    logged.logger.error('the queue is full', 'Raven');
    logged.logger.error('once');
    expect(logged.transport.events.map(({ logentry }) => logentry?.message)).toEqual(['once']);
  });

  it('does no harm whatever it is made of', () => {
    vi.spyOn(ConsoleLogger.prototype, 'error').mockImplementation(() => undefined);
    const hostile = fc.constantFrom<unknown>(
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('trap');
          },
        },
      ),
      Object.create(null),
      () => {
        throw new Error('a message that cannot be made');
      },
      class Order {},
      Object.defineProperty(new Error('x'), 'stack', {
        get: () => {
          throw new Error('no stack');
        },
      }),
    );
    const value = fc.oneof(fc.anything(), hostile, fc.string(), fc.constant(new Error('e').stack));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (args) => {
        const logged = newLogger({}, { stormGuard: false });
        logged.logger.error(...(args as [unknown]));
        expect(logged.lines).toEqual([]);
        expect(logged.transport.events.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it('comes with what Nest appends: the context of the Logger that was asked', () => {
    const logged = newLogger();
    Logger.overrideLogger(logged.logger);
    const error = new Error('failed');
    new Logger('Orders').error(error);
    new Logger('Orders').error('no order', error);
    new Logger('Orders').error('text', new TypeError('other').stack);
    Logger.overrideLogger(new ConsoleLogger());
    expect(logged.transport.events.map(({ logger }) => logger)).toEqual(['Orders', 'Orders']);
  });
});

it.each<[RavenLoggerOptions, string]>([
  [{ eventLevels: ['warn' as never] }, 'RavenLogger: "eventLevels" is'],
  [{ ignoreLoggers: [1 as never] }, 'RavenLogger: "ignoreLoggers" is'],
  [{ handlers: { a: 1 as never } }, 'RavenLogger: "handlers" is'],
])('refuses %j', (options, message) => {
  expect(() => newLogger(options)).toThrow(message);
});
