/**
 * @context nest-commander and scripts
 * @sees commands that fail, a main function that fails
 * @handled nothing
 * @transaction the command
 * @once delivers what a command fails with, and says and ends as ever
 * @unchanged delivers what a command fails with, and says and ends as ever
 */
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { packageScripts, type Run, type Scripts } from '../integrations/support/scripts';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';

/** What each script begins with: Nest, and the module where the package is there. */
const PRELUDE = `
require('reflect-metadata');
const { Module, Injectable } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const define = (metadata, type = class AppModule {}) => {
  Module({ ...metadata, imports: [...(raven ? [raven.RavenModule.forRoot({ dsn: DSN, shutdownTimeoutMs: 10_000 })] : []), ...(metadata.imports ?? [])] })(type);
  return type;
};
const later = () => new Promise((resolve) => setImmediate(resolve));
const logger = {
  log: () => {},
  warn: (...words) => console.error('warn', String(words[0])),
  error: (...words) => console.error('error', String(words[0]).split('\\n')[0]),
};
`;

const FAILING_PROVIDERS: Record<string, string> = {
  'a factory throws': `{ provide: 'DB', useFactory: () => { throw new Error('no database'); } }`,
  'a factory rejects': `{ provide: 'DB', useFactory: async () => { await later(); throw new Error('no database'); } }`,
  'a constructor throws': `{ provide: 'DB', useClass: class { constructor() { throw new Error('no database'); } } }`,
  'onModuleInit throws': `{ provide: 'DB', useClass: class Database { onModuleInit() { throw new Error('no database'); } } }`,
  'onApplicationBootstrap rejects': `{ provide: 'DB', useClass: class Database { async onApplicationBootstrap() { await later(); throw new Error('no database'); } } }`,
};

const STARTS: Record<string, string> = {
  'NestFactory.create': `NestFactory.create(App, { logger }).then((app) => app.listen(0))`,
  'NestFactory.createApplicationContext': `NestFactory.createApplicationContext(App, { logger })`,
  'NestFactory.createMicroservice': `NestFactory.createMicroservice(App, { logger, options: { port: 0, host: '127.0.0.1' } }).then((app) => app.listen())`,
};

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

/** What a person sees of a run: how it ended, what it logged, and which error Node ended it for. */
function seen({ code, signal, stdout, stderr }: Run): unknown {
  // Node's picture of where an unhandled rejection came from is of where it was raised last.
  const said = stderr.split('\n').filter((line) => /^(?:error|warn|Error)\b/.test(line));
  return { code, signal, stdout, said };
}

describe.each(Object.keys(STARTS))('a process that starts with %s', (start) => {
  it.each(Object.keys(FAILING_PROVIDERS))(
    'and in which %s delivers the error, and ends as ever',
    async (failure) => {
      const source = `${PRELUDE}
      const App = define({ providers: [${FAILING_PROVIDERS[failure]}] });
      ${STARTS[start]};`;
      const [run, plain] = await Promise.all([scripts.run(source, receiver.dsn()), scripts.run(source)]);
      expect(receiver.events.map((event) => [errorOf(event), event.level])).toEqual([
        ['no database', 'fatal'],
      ]);
      expect(seen(run)).toEqual(seen(plain));
      expect(run.code).toBe(1);
    },
  );
});

describe('a process whose HTTP adapter cannot be initialised', () => {
  it.each(['{}', '{ abortOnError: false }'])(
    'hears of it where it called create, with %s, and goes on',
    async (options) => {
      const source = `${PRELUDE}
      const { ExpressAdapter } = require('@nestjs/platform-express');
      const adapter = new ExpressAdapter();
      adapter.init = async () => { await later(); throw new Error('no port'); };
      NestFactory.create(define({}), adapter, { logger, ...${options} })
        .catch((error) => later().then(() => console.log('told', error.message)));`;
      const [run, plain] = await Promise.all([scripts.run(source, receiver.dsn()), scripts.run(source)]);
      expect(seen(run)).toEqual({ code: 0, signal: null, stdout: 'told no port\n', said: [] });
      expect(seen(run)).toEqual(seen(plain));
      expect(receiver.events).toEqual([]);
    },
  );
});

describe('a process that runs commands', () => {
  const COMMANDS = `${PRELUDE}
    const { CommandFactory, CommandRunner, Command } = require('nest-commander');
    class Import extends CommandRunner {
      async run(words) { await later(); if (words.length === 0) throw new Error('nothing to import'); console.log('imported', ...words); }
    }
    Command({ name: 'import', arguments: '[words...]' })(Import);
    const App = define({ providers: [Import] });
  `;

  it('delivers what a command fails with, and says and ends as ever', async () => {
    const source = `${COMMANDS} process.argv = ['node', 'cli', 'import']; CommandFactory.run(App);`;
    const [run, plain] = await Promise.all([scripts.run(source, receiver.dsn()), scripts.run(source)]);
    expect(receiver.events).toHaveLength(1);
    expect(receiver.events[0]).toMatchObject({
      transaction: 'import',
      transaction_info: { source: 'task' },
      level: 'fatal',
    });
    expect(errorOf(receiver.events[0])).toBe('nothing to import');
    expect(receiver.events[0].exception.values[0].mechanism).toMatchObject({ type: 'auto.command.nestjs' });
    expect(seen(run)).toEqual(seen(plain));
    expect(run.stderr).toContain('nothing to import');
  });

  it('delivers it also where the app ends the process at once', async () => {
    const source = `${COMMANDS} process.argv = ['node', 'cli', 'import'];
      CommandFactory.run(App, { serviceErrorHandler: (error) => { console.error(String(error)); process.exit(3); } });`;
    const [run, plain] = await Promise.all([scripts.run(source, receiver.dsn()), scripts.run(source)]);
    expect(receiver.events.map(errorOf)).toEqual(['nothing to import']);
    expect(run.code).toBe(3);
    expect(seen(run)).toEqual(seen(plain));
  });

  it('runs a command that succeeds as ever', async () => {
    const source = `${COMMANDS} process.argv = ['node', 'cli', 'import', 'a', 'b']; CommandFactory.run(App);`;
    const run = await scripts.run(source, receiver.dsn());
    expect(seen(run)).toEqual({ code: 0, signal: null, stdout: 'imported a b\n', said: [] });
    expect(receiver.events).toEqual([]);
  });
});

describe('a standalone script', () => {
  it('reports what its main function fails with, once', async () => {
    const source = `${PRELUDE}
      class Work { async run() { await later(); throw new Error('work'); } }
      const App = define({ providers: [Work] });
      NestFactory.createApplicationContext(App, { logger }).then((app) => app.get(Work).run());`;
    const [run, plain] = await Promise.all([scripts.run(source, receiver.dsn()), scripts.run(source)]);
    expect(receiver.events.map((event) => [errorOf(event), event.level])).toEqual([['work', 'fatal']]);
    expect(seen(run)).toEqual(seen(plain));
  });
});
