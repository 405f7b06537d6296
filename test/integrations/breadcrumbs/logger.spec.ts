import { ConsoleLogger, Logger, type LoggerService } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { newClient } from '../../client/support/new-client';
import { crumbsOf } from './crumbs-of';
import { quietConsole } from './quiet-console';

const STATICS = ['isBufferAttached', 'logBuffer', 'staticInstanceRef', 'overrideLogger'] as const;
const original: unknown = Reflect.get(Logger, 'staticInstanceRef');
let printed: MockInstance[];

beforeEach(() => {
  printed = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(() => true),
  );
});
afterEach(() => {
  for (const spy of printed) spy.mockRestore();
  Logger.overrideLogger(original as LoggerService);
  Logger.detachBuffer();
});

const texts = (): string[] => printed.flatMap(({ mock }) => mock.calls.map(([text]) => String(text)));

/** A logger of an app's own, and what it was given. */
function ownLogger(): { logger: LoggerService; given: unknown[][] } {
  const given: unknown[][] = [];
  const take =
    (level: string) =>
    (...values: unknown[]): void =>
      void given.push([level, ...values]);
  const logger = { log: take('log'), error: take('error'), warn: take('warn'), debug: take('debug') };
  return { logger, given };
}

function logAll(logger: Logger): void {
  logger.verbose('by verbose');
  logger.debug('by debug');
  logger.log('by log');
  logger.warn('by warn');
  logger.error('by error');
  logger.fatal('by fatal');
}

describe('a line of Logger', () => {
  it('is a breadcrumb of its level, whose category is the context', () => {
    const test = newClient();
    logAll(new Logger('Orders'));
    expect(crumbsOf(test).map(({ level, category, message }) => [level, category, message])).toEqual([
      ['debug', 'Orders', 'by verbose'],
      ['debug', 'Orders', 'by debug'],
      ['info', 'Orders', 'by log'],
      ['warning', 'Orders', 'by warn'],
      ['error', 'Orders', 'by error'],
      ['fatal', 'Orders', 'by fatal'],
    ]);
  });

  it('may come without a context, from Logger itself, or with another context', () => {
    const test = newClient();
    new Logger().log('alone');
    Logger.warn('static', 'Shop');
    new Logger('Orders').log('moved', 'Other');
    expect(crumbsOf(test).map(({ category, message }) => [category, message])).toEqual([
      ['logger', 'alone'],
      ['Shop', 'static'],
      ['Orders', 'moved Other'],
    ]);
  });

  it('shows objects and errors in short, and stacks not at all', () => {
    const test = newClient();
    const logger = new Logger('Orders');
    const error = new Error('why');
    logger.log({ id: 1 });
    logger.error(error);
    logger.error('failed', error.stack);
    logger.error('failed', error.stack, 'Elsewhere');
    logger.log('password=hunter2');
    expect(crumbsOf(test).map(({ message }) => message)).toEqual([
      '{ id: 1 }',
      'Error: why',
      'failed',
      'failed Elsewhere',
      expect.not.stringContaining('hunter2'),
    ]);
  });

  it('is printed as it is without a client, with the time since the last one', () => {
    const withoutTimes = (lines: string[]): string[] => lines.map((line) => line.replaceAll(/\d+/g, '0'));
    const logger = new Logger('Orders', { timestamp: true });
    logAll(logger);
    for (const spy of printed) spy.mockClear();
    logAll(logger);
    const without = withoutTimes(texts());
    for (const spy of printed) spy.mockClear();
    newClient();
    logAll(logger);
    expect(withoutTimes(texts())).toEqual(without);
    expect(texts().at(-1)).toMatch(/\+\d+ms/);
  });

  it('goes to the app’s own logger with the same arguments', () => {
    const before = ownLogger();
    const { logger, given } = ownLogger();
    Logger.overrideLogger(before.logger);
    const test = newClient();
    new Logger('Orders').log('one', { id: 1 });
    Logger.overrideLogger(logger);
    new Logger('Orders').warn('two');
    new Logger('Orders').fatal('there is no such method');
    expect(before.given).toEqual([['log', 'one', { id: 1 }, 'Orders']]);
    expect(given).toEqual([['warn', 'two', 'Orders']]);
    expect(crumbsOf(test).map(({ message }) => message)).toEqual(['one { id: 1 }', 'two']);
    expect(Reflect.get(Logger, 'staticInstanceRef')).toBe(logger);
  });

  it('below the log level of the app is none', () => {
    const test = newClient();
    Logger.overrideLogger(new ConsoleLogger({ logLevels: ['error'] }));
    const logger = new Logger('Orders');
    logger.debug('not printed');
    logger.error('printed');
    expect(crumbsOf(test).map(({ message }) => message)).toEqual(['printed']);
  });

  it('is none where logging is off', () => {
    Logger.overrideLogger(false);
    const test = newClient();
    new Logger('Orders').error('silence');
    expect(crumbsOf(test)).toEqual([]);
  });

  it('is recorded once, also by a logger that prints with console', () => {
    const lines = quietConsole();
    const { client, event } = newClient();
    Logger.overrideLogger({ log: console.log, error: console.error, warn: console.warn });
    new Logger('Orders').log('line');
    Logger.overrideLogger(new ConsoleLogger({ forceConsole: true }));
    new Logger('Orders').error('second', new Error('why').stack);
    console.log('third');
    client.captureMessage('m');
    expect(lines).toHaveLength(4);
    expect(event().breadcrumbs?.values.map(({ category, message }) => [category, message])).toEqual([
      ['Orders', 'line'],
      ['Orders', 'second'],
      ['console', 'third'],
    ]);
  });

  it('is left to a logger that records breadcrumbs itself', () => {
    const { logger, given } = ownLogger();
    Logger.overrideLogger(Object.assign(logger, { recordsBreadcrumbs: true }));
    const test = newClient();
    new Logger('Orders').log('line');
    expect(given).toHaveLength(1);
    expect(crumbsOf(test)).toEqual([]);
  });

  it('is recorded when it is logged, and printed when the buffer is flushed', () => {
    const { logger, given } = ownLogger();
    Logger.overrideLogger(logger);
    Logger.attachBuffer();
    const orders = new Logger('Orders');
    orders.log('before the client');
    const test = newClient();
    test.client.context.run(() => {
      orders.log('in a scope');
      expect(crumbsOf(test).map(({ message }) => message)).toEqual(['in a scope']);
    });
    expect(given).toEqual([]);
    Logger.flush();
    expect(given.map(([, message]) => message)).toEqual(['before the client', 'in a scope']);
    orders.log('after');
    expect(given).toHaveLength(3);
    expect(crumbsOf(test).map(({ message }) => message)).toEqual(['after']);
  });

  it('of a logger that throws reaches the caller as ever', () => {
    const broken = (): never => {
      throw new Error('disk full');
    };
    Logger.overrideLogger({ log: broken, error: broken, warn: broken });
    const test = newClient();
    expect(() => new Logger('Orders').log('line')).toThrow('disk full');
    expect(crumbsOf(test).map(({ message }) => message)).toEqual(['line']);
  });

  it('of this library is none', () => {
    const test = newClient();
    new Logger('Raven').warn('the transport failed');
    expect(crumbsOf(test)).toEqual([]);
  });

  it('by which Nest tells of modules and routes as it starts is none', () => {
    const test = newClient();
    new Logger('InstanceLoader').log('AppModule dependencies initialized');
    new Logger('RouterExplorer').log('Mapped {/, GET} route');
    new Logger('GraphQLModule').log('Mapped {/graphql, POST} route');
    new Logger('NestApplication').error('the port is taken');
    expect(crumbsOf(test).map(({ message }) => message)).toEqual(['the port is taken']);
  });

  it('is none for a client that does not want it', () => {
    const off = newClient({ breadcrumbSources: { logger: false } });
    const on = newClient();
    new Logger('Orders').log('line');
    expect(crumbsOf(off)).toEqual([]);
    expect(crumbsOf(on)).toHaveLength(1);
  });
});

describe('Logger itself', () => {
  const properties = (): unknown[] => STATICS.map((name) => Object.getOwnPropertyDescriptor(Logger, name));

  it('is as it was once the last client is closed', async () => {
    const before = properties();
    const [first, second] = [newClient().client, newClient().client];
    expect(properties()).not.toEqual(before);
    await first.close(0);
    await second.close(0);
    expect(properties()).toEqual(before);
  });

  it('keeps what the app buffers meanwhile', async () => {
    const { logger, given } = ownLogger();
    Logger.overrideLogger(logger);
    const { client } = newClient();
    Logger.attachBuffer();
    new Logger('Orders').log('buffered');
    await client.close(0);
    new Logger('Orders').log('still buffered');
    expect(given).toEqual([]);
    Logger.flush();
    expect(given.map(([, message]) => message)).toEqual(['buffered', 'still buffered']);
  });
});

describe('another copy of this package in the process', () => {
  it('leaves Logger to the first, and closes whatever becomes of that', async () => {
    const before = STATICS.map((name) => Object.getOwnPropertyDescriptor(Logger, name));
    const first = newClient();
    vi.resetModules();
    const { RavenClient } = await import('nestjs-raven');
    expect(RavenClient).not.toBe(first.client.constructor);
    const second = new RavenClient({ dsn: 'http://public@localhost/1', installProcessHandlers: false });
    new Logger('Orders').log('printed once');
    expect(texts().filter((text) => text.includes('printed once'))).toHaveLength(1);
    expect(await second.close(0)).toBe(true);
    new Logger('Orders').log('and recorded');
    expect(crumbsOf(first).map(({ message }) => message)).toEqual(['printed once', 'and recorded']);
    await first.client.close(0);
    expect(STATICS.map((name) => Object.getOwnPropertyDescriptor(Logger, name))).toEqual(before);
  });
});
