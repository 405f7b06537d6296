import { join } from 'node:path';
import { ConsoleLogger, Logger, Module, type INestApplication, type Type } from '@nestjs/common';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RavenClient } from 'nestjs-raven';
import { printedTexts } from '../support/printed-texts';
import { errorOf, startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { get, startModule } from '../support/test-app';
import { importGuideExample, removeGuideExamples, writeGuideExamples } from './guide-examples';

const ROOT = join(__dirname, '../..');

describe('the guides for moving here', () => {
  let paths: string[];
  let receiver: Receiver;
  let app: INestApplication | undefined;
  let printed: string[];
  beforeAll(() => {
    paths = writeGuideExamples();
  });
  afterAll(removeGuideExamples);
  beforeEach(async () => {
    receiver = await startReceiver();
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    vi.stubEnv('PORT', '0');
    // The examples' modules read the environment as they are loaded.
    vi.resetModules();
    // Nest has one logger for all apps of a process.
    Logger.overrideLogger(new ConsoleLogger());
    printed = printedTexts();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    Logger.overrideLogger(false);
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await receiver.close();
  });

  /** Starts an example as its users do. */
  async function bootstrapped(section: string): Promise<INestApplication> {
    const { bootstrap } = await importGuideExample<{ bootstrap: () => Promise<INestApplication> }>(
      `${section}/main.ts`,
    );
    return (app = await bootstrap());
  }

  async function eventsInTheEnd(): Promise<ReceivedEvent[]> {
    await app?.close();
    app = undefined;
    return receiver.events;
  }

  it('have code that compiles as it stands', () => {
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile) as { config: object };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const program = ts.createProgram(paths, { ...options, noEmit: true });
    const faults = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      return `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    expect(faults).toEqual([]);
    expect(paths.length).toBeGreaterThan(15);
  }, 120_000);

  it('from nest-raven: the imports are changed', async () => {
    const running = await bootstrapped('from-nest-raven/change-the-imports');
    expect(printed.join('')).toContain('RavenModule: the option "tracesSampleRate" has no effect');
    expect((await get(running, '/uploads')).status).toBe(500);
    await get(running, '/unknown');
    const events = await eventsInTheEnd();
    expect(events.map(errorOf)).toEqual(['the disk is full']);
    expect(events[0]).toMatchObject({
      environment: 'staging',
      level: 'warning',
      tags: { type: 'fileUpload', controller: 'UploadsController' },
      extra: { 'important key': 'useful value' },
      transaction: 'GET /uploads',
    });
  });

  it('from nest-raven: without interceptors the same is reported', async () => {
    const { AppModule } = await importGuideExample<{ AppModule: Type }>(
      'from-nest-raven/take-the-interceptors-out/app.module.ts',
    );
    app = await startModule(AppModule);
    expect((await get(app, '/uploads')).status).toBe(500);
    const events = await eventsInTheEnd();
    expect(events.map(errorOf)).toEqual(['the disk is full']);
    expect(events[0]).toMatchObject({
      environment: 'staging',
      level: 'warning',
      tags: { type: 'fileUpload', controller: 'UploadsController' },
      extra: { 'important key': 'useful value' },
    });
  });

  it.each(['change-the-imports', 'use-the-client'])('from @ntegral/nestjs-sentry: %s', async (section) => {
    const folder = `from-ntegral/${section}`;
    const running = await bootstrapped(folder);
    const { AppService } = await importGuideExample<{
      AppService: Type<{ charge(cents: number): void }>;
    }>(`${folder}/app.service.ts`);
    running.get(AppService).charge(17);
    const events = await eventsInTheEnd();
    expect(events.map(errorOf)).toEqual(['no answer from the bank']);
    expect(events[0]).toMatchObject({ environment: 'staging', tags: { bank: 'acme' } });
    expect(events[0].breadcrumbs.values.map(({ message }) => message)).toEqual([
      'charge 17',
      'asked the bank',
    ]);
  });

  it('from @sentry/nestjs: what is captured and what nobody handled is reported, each once', async () => {
    const running = await bootstrapped('from-sentry-nestjs/steps');
    expect(await (await get(running, '/orders/7')).text()).toBe('later');
    expect((await get(running, '/orders/7/lines')).status).toBe(500);
    await get(running, '/unknown');
    const events = await eventsInTheEnd();
    const byText = (text: string) => events.filter((event) => errorOf(event) === text);
    expect(events).toHaveLength(2);
    expect(byText('no answer from the bank')).toMatchObject([
      { level: 'warning', user: { id: '17' }, tags: { 'order.id': '7' }, extra: { attempt: 1 } },
    ]);
    expect(byText('order 7 has no lines')).toMatchObject([
      { level: 'error', tags: { 'order.id': '7' }, transaction: 'GET /orders/:id/lines' },
    ]);
  });

  it('from raven-python: a script, contexts, decorators', async () => {
    const { main } = await importGuideExample<{ main: () => Promise<boolean> }>(
      'from-raven-python/a-client/script.ts',
    );
    expect(await main()).toBe(true);
    expect(receiver.events.find(({ logentry }) => logentry)).toMatchObject({
      logentry: { message: 'Imported %s rows', params: [17] },
      release: 'shop@1.4.2',
      tags: { site: 'eu' },
    });
    expect(receiver.events.find(({ exception }) => exception)).toMatchObject({
      tags: { job: 'import' },
      extra: { row: 18 },
    });

    receiver.events.length = 0;
    const { work } = await importGuideExample<{ work: (client: RavenClient) => Promise<void> }>(
      'from-raven-python/contexts/contexts.ts',
    );
    const lib = await import('nestjs-raven');
    const client = new lib.RavenClient();
    await work(client);
    client.captureMessage('after');
    expect(await client.close(5000)).toBe(true);
    expect(receiver.events.find(({ logentry }) => logentry.message === 'in a block')).toMatchObject({
      user: { id: '17' },
      tags: { tenant: 'acme', table: 'orders' },
      extra: { cart: 3 },
    });
    const after = receiver.events.find(({ logentry }) => logentry.message === 'after');
    expect(after?.tags).toEqual({});
    expect(after).not.toHaveProperty('user');
  });

  it('from raven-python: in an app', async () => {
    const { FilesService } = await importGuideExample<{ FilesService: Type<{ tryToLoad(): string }> }>(
      'from-raven-python/decorators-and-breadcrumbs/files.service.ts',
    );
    const { AppModule } = await importGuideExample<{ AppModule: Type }>(
      'from-raven-python/in-a-web-framework/app.module.ts',
    );
    @Module({ imports: [AppModule], providers: [FilesService] })
    class Root {}
    app = await startModule(Root);
    expect(app.get(FilesService).tryToLoad()).toBe('later');
    const events = await eventsInTheEnd();
    expect(events.map(errorOf)).toEqual(['no such file']);
    expect(events[0].breadcrumbs.values.map(({ message }) => message)).toEqual(['load']);
  });
});
