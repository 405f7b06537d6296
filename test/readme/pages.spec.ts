import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, type INestApplication, type Type } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RavenClient, RavenOptions } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../support/receiver';
import { get, startModule, testOptions } from '../support/test-app';
import { faultsOf, importExample, removeExamples, writeExamples } from './examples';

const PAGE = 'docs/configuration.md';
const RUNNING = 'docs/running.md';

describe('the examples of docs/configuration.md and docs/running.md', () => {
  let paths: string[];
  let receiver: Receiver;
  let folder: string;
  let app: INestApplication | undefined;
  beforeAll(() => {
    paths = [PAGE, RUNNING].flatMap(writeExamples);
  });
  afterAll(() => [PAGE, RUNNING].forEach(removeExamples));
  beforeEach(async () => {
    receiver = await startReceiver();
    folder = mkdtempSync(join(tmpdir(), 'raven-configuration-'));
    vi.stubEnv('ERRORS_DSN', receiver.dsn());
    // The examples' modules read the environment as they are loaded.
    vi.resetModules();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    vi.unstubAllEnvs();
    await receiver.close();
    rmSync(folder, { recursive: true });
  });

  it('compile as they stand', () => {
    expect(faultsOf(paths)).toEqual([]);
  }, 120_000);

  /** Starts an example's app. @returns its client */
  async function start(file: string, name: string): Promise<RavenClient> {
    const exported = await importExample<Record<string, Type>>(file, PAGE);
    app = await startModule(exported[name]);
    const lib = await import('nestjs-raven');
    return app.get(lib.RavenClient);
  }

  /** What arrives is proof enough that the options got there. */
  async function expectDelivery(client: RavenClient): Promise<void> {
    client.captureMessage('configured');
    const [event] = await receiver.waitForEvents(1);
    expect(event.logentry.message).toBe('configured');
  }

  it('read the environment alone', async () => {
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    vi.stubEnv('SENTRY_ENVIRONMENT', 'staging');
    const client = await start('plain.module.ts', 'PlainModule');
    expect(client.options.environment).toBe('staging');
    await expectDelivery(client);
  });

  it('ask the ConfigService', async () => {
    vi.stubEnv('ERRORS_SAMPLE_RATE', '1.0');
    const client = await start('settings.module.ts', 'SettingsModule');
    expect(client.options.sampleRate).toBe(1);
    await expectDelivery(client);
  });

  it('do not start where a variable holds what the client refuses', async () => {
    vi.stubEnv('ERRORS_SAMPLE_RATE', 'half');
    await expect(start('settings.module.ts', 'SettingsModule')).rejects.toThrow(
      'RavenModule: the option "sampleRate" is NaN; expected a number from 0 to 1',
    );
  });

  describe.each([
    ['zod.module.ts', 'ZodModule', /ERRORS_SAMPLE_RATE/, /ERRORS_DSN/],
    ['joi.module.ts', 'JoiModule', /ERRORS_SAMPLE_RATE/, /ERRORS_DSN/],
  ])('check the variables, as %s does', (file, name, ofRate, ofDsn) => {
    it('and have them as what they are', async () => {
      vi.stubEnv('ERRORS_SAMPLE_RATE', '0.25');
      const client = await start(file, name);
      expect(client.options).toMatchObject({ dsn: receiver.dsn(), sampleRate: 0.25 });
    });

    it('and have defaults', async () => {
      const client = await start(file, name);
      expect(client.options.sampleRate).toBe(1);
      await expectDelivery(client);
    });

    it('and do not start with one that is wrong', async () => {
      vi.stubEnv('ERRORS_SAMPLE_RATE', '7');
      await expect(start(file, name)).rejects.toThrow(ofRate);
    });

    it('and do not start in production without a DSN', async () => {
      vi.stubEnv('ERRORS_DSN', undefined);
      vi.stubEnv('NODE_ENV', 'production');
      await expect(start(file, name)).rejects.toThrow(ofDsn);
    });

    it('and start elsewhere without a DSN', async () => {
      vi.stubEnv('ERRORS_DSN', undefined);
      expect((await start(file, name)).isEnabled()).toBe(false);
    });
  });

  it('make truth of text', async () => {
    vi.stubEnv('ERRORS_PERSONAL_DATA', 'yes');
    expect((await start('zod.module.ts', 'ZodModule')).options.sendDefaultPii).toBe(true);
  });

  it('take a namespace, whose value others can have injected', async () => {
    vi.stubEnv('REGION', 'eu');
    vi.stubEnv('SPOOL_DIRECTORY', join(folder, 'spool'));
    const client = await start('namespaced.module.ts', 'NamespacedModule');
    const { Region } = await importExample<{ Region: Type<{ name: unknown }> }>('namespaced.module.ts', PAGE);
    expect(app?.get(Region).name).toBe('eu');
    expect(client.options.spool).toEqual({ directory: join(folder, 'spool') });
    client.captureMessage('configured');
    expect((await receiver.waitForEvents(1))[0].tags).toMatchObject({ region: 'eu' });
  });

  it('differ by the environment', async () => {
    const { ravenOptions } = await importExample<{ ravenOptions: (environment?: string) => RavenOptions }>(
      'raven-options.ts',
      PAGE,
    );
    const lib = await import('nestjs-raven');
    expect(ravenOptions('production')).toMatchObject({ environment: 'production', sampleRate: 0.5 });
    expect(ravenOptions('staging')).toMatchObject({ tags: { app: 'shop' }, sendDefaultPii: true });
    vi.stubEnv('NODE_ENV', 'test');
    const client = new lib.RavenClient({ ...ravenOptions(), dsn: receiver.dsn() });
    expect(client.isEnabled()).toBe(false);
    expect(client.captureMessage('nothing')).toBeNull();
  });

  it('are read from a file, with what cannot be in it', async () => {
    const file = join(folder, 'raven.json');
    vi.stubEnv('RAVEN_OPTIONS', file);
    writeFileSync(file, JSON.stringify({ dsn: receiver.dsn(), tags: { from: 'file' } }));
    const client = await start('file.module.ts', 'FileModule');
    client.captureMessage('not wanted', { tags: { noise: 'yes' } });
    await expectDelivery(client);
    expect(receiver.events).toHaveLength(1);
    expect(receiver.events[0].tags).toMatchObject({ from: 'file' });
  });

  it('are refused from a file that has what is no option', async () => {
    const file = join(folder, 'raven.json');
    vi.stubEnv('RAVEN_OPTIONS', file);
    writeFileSync(file, JSON.stringify({ $schema: './schema.json' }));
    await expect(start('file.module.ts', 'FileModule')).rejects.toThrow(/unknown option "\$schema"/);
  });

  it('are scraped by Prometheus', async () => {
    const { MetricsModule } = await importExample<{ MetricsModule: Type }>('metrics.module.ts', RUNNING);
    const { RavenModule, RavenClient: Client } = await import('nestjs-raven');
    @Module({ imports: [RavenModule.forRoot(testOptions(receiver)), MetricsModule] })
    class Root {}
    app = await startModule(Root);
    app.get(Client).captureMessage('counted');
    const response = await get(app, '/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('nestjs_raven_events_captured_total{client="default"} 1');
  });
});
