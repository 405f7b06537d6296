import { fork, type ChildProcess } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../../..');

/** What scripts begin with; `settings` is what the test gave. */
const PRELUDE = `
require('reflect-metadata');
const { Module, Logger } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { RavenModule, RavenClient } = require('../lib');
const { RavenBullTransport, RavenForwarderModule, RavenForwarder } = require('../lib/bullmq');
const settings = JSON.parse(process.argv[2]);
const startApp = async (...imports) => {
  class AppModule {}
  Module({ imports })(AppModule);
  const app = await NestFactory.createApplicationContext(AppModule, { abortOnError: false });
  app.enableShutdownHooks();
  return app;
};
`;

/** A process that a test started; what it sends is what it tells the test. */
export class Process {
  output = '';
  readonly told: unknown[] = [];
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  private readonly waiting = new Set<() => void>();

  constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.on('message', (message) => {
      this.told.push(message);
      for (const check of this.waiting) check();
    });
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        resolve({ code, signal });
        for (const check of this.waiting) check();
      });
    });
  }

  /** Resolves to the first message for which `is` holds. */
  waitFor<T>(is: (message: unknown) => message is T): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = this.told.find(is);
        if (found === undefined && this.child.exitCode === null && this.child.signalCode === null) return;
        this.waiting.delete(check);
        if (found === undefined) reject(new Error(`the process ended without telling it:\n${this.output}`));
        else resolve(found);
      };
      this.waiting.add(check);
      check();
    });
  }

  ready(): Promise<'ready'> {
    return this.waitFor((message): message is 'ready' => message === 'ready');
  }

  /** Asks the process for something; it answers with `{ id, answer }`. */
  async ask<T>(question: string, ...given: unknown[]): Promise<T> {
    const id = `${question} ${Math.random()}`;
    this.child.send({ id, question, given });
    const { answer, error } = await this.waitFor(
      (message): message is { id: string; answer: T; error?: string } =>
        (message as { id?: string }).id === id,
    );
    if (error !== undefined) throw new Error(error);
    return answer;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<{ code: number | null; signal: string | null }> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** The package, and processes that use it. */
export class Fleet {
  private readonly folder = mkdtempSync(join(tmpdir(), 'raven-fleet-'));
  private readonly processes = new Set<Process>();
  private count = 0;

  constructor() {
    const { compilerOptions } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config as {
      compilerOptions: object;
    };
    const options = ts.convertCompilerOptionsFromJson(compilerOptions, ROOT).options;
    for (const name of readdirSync(join(ROOT, 'lib'), { encoding: 'utf8', recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const file = join(this.folder, 'lib', name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(file), { recursive: true });
      const { outputText } = ts.transpileModule(readFileSync(join(ROOT, 'lib', name), 'utf8'), {
        fileName: join(ROOT, 'lib', name),
        compilerOptions: { ...options, module: ts.ModuleKind.CommonJS, sourceMap: false },
      });
      writeFileSync(file, outputText);
    }
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
    mkdirSync(join(this.folder, 'scripts'));
  }

  /** Runs a script; see the prelude for what it can use. */
  run(source: string, settings: object, env: NodeJS.ProcessEnv = {}): Process {
    const file = join(this.folder, 'scripts', `script-${++this.count}.cjs`);
    writeFileSync(file, `${PRELUDE}\n(async () => {${source}\n})();`);
    const { NODE_OPTIONS: _, SENTRY_DSN: __, REDIS_URL: ___, ...rest } = process.env;
    const child = fork(file, [JSON.stringify(settings)], {
      env: { ...rest, ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const started = new Process(child);
    this.processes.add(started);
    return started;
  }

  /** An app that forwards; `stats`, `deadLetters`, `retry` and `retryAll` can be asked. */
  forwarder(settings: object, beside = ''): Process {
    return this.run(
      `
      const app = await startApp(RavenForwarderModule.forRoot(settings) ${beside && `, ${beside}`});
      const forwarder = app.get(RavenForwarder);
      process.on('message', ({ id, question, given }) => {
        Promise.resolve(forwarder[question](...given)).then(
          (answer) => process.send({ id, answer }),
          (error) => process.send({ id, error: String(error) }),
        );
      });
      process.send('ready');`,
      settings,
    );
  }

  /** Ends every process that still runs. */
  async endAll(): Promise<void> {
    await Promise.all([...this.processes].map((running) => running.kill()));
    this.processes.clear();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
