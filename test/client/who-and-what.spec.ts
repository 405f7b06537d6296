import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RavenClient, type RavenEvent, type RavenOptions } from 'nestjs-raven';
import { newClient } from './support/new-client';
import { workedMs } from '../support/worked-ms';

/** The folder of an app with such a package.json. */
function appFolder(manifest: Record<string, unknown>): string {
  const root = mkdtempSync(join(tmpdir(), 'app-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  return root;
}

const root = (): string => appFolder({ name: 'shop', version: '1.2.3' });
const COMMIT = '0123456789abcdef0123456789abcdef01234567';

describe('an event', () => {
  function eventOf(
    options: RavenOptions,
    env: Record<string, string>,
    data: Partial<RavenEvent> = {},
  ): RavenEvent {
    const { client, event } = newClient(options, { env, root: root() });
    client.captureMessage('m', { data });
    return event();
  }

  it.each<[string, RavenOptions, Record<string, string>, string]>([
    ['the option', { release: 'mine' }, { SENTRY_RELEASE: 'theirs' }, 'mine'],
    ['SENTRY_RELEASE', { release: '' }, { SENTRY_RELEASE: ' v5\n', HEROKU_SLUG_COMMIT: COMMIT }, 'v5'],
    ['HEROKU_SLUG_COMMIT', {}, { HEROKU_SLUG_COMMIT: 'slug', GITHUB_SHA: COMMIT }, 'slug'],
    ['the platform', {}, { GITHUB_SHA: COMMIT }, COMMIT],
    ['package.json', {}, {}, 'shop@1.2.3'],
  ])('has the release of %s', (_, options, env, release) => {
    expect(eventOf(options, env).release).toBe(release);
  });

  it('has what its data says before what was only detected', () => {
    const data = { release: 'data', environment: 'data' };
    expect(eventOf({}, { GITHUB_SHA: COMMIT, NODE_ENV: 'test' }, data)).toMatchObject(data);
    const said = { SENTRY_RELEASE: 'said', SENTRY_ENVIRONMENT: 'said' };
    expect(eventOf({}, said, data)).toMatchObject({ release: 'said', environment: 'said' });
  });

  it('has the environment that is said, else the platform’s, else NODE_ENV', () => {
    const env = { SENTRY_ENVIRONMENT: 'said', VERCEL_ENV: 'preview', NODE_ENV: 'production' };
    expect(eventOf({ environment: 'mine' }, env).environment).toBe('mine');
    expect(eventOf({}, env).environment).toBe('said');
    expect(eventOf({}, { ...env, SENTRY_ENVIRONMENT: '' }).environment).toBe('preview');
    expect(eventOf({}, { NODE_ENV: 'production' }).environment).toBe('production');
    expect(eventOf({}, {})).not.toHaveProperty('environment');
  });

  it('has the build of its release, and none without a release', () => {
    expect(eventOf({ dist: '7' }, { SENTRY_DIST: '8' }, { dist: '9' }).dist).toBe('7');
    expect(eventOf({}, { SENTRY_DIST: '8' }, { dist: '9' }).dist).toBe('8');
    expect(eventOf({}, {}, { dist: '9' }).dist).toBe('9');
    const { client, event } = newClient({ dist: '7' }, { root: '/nowhere' });
    client.captureMessage('m');
    expect(event()).not.toHaveProperty('dist');
    expect(event()).not.toHaveProperty('release');
  });

  it('tells of the app, where it runs, and how it writes times', () => {
    const env = {
      KUBERNETES_SERVICE_HOST: '10.0.0.1',
      HOSTNAME: 'shop-1',
      FLY_APP_NAME: 'shop',
      FLY_REGION: 'ams',
    };
    const { contexts } = eventOf({}, env);
    expect(contexts?.app).toMatchObject({ app_name: 'shop', app_version: '1.2.3' });
    expect(contexts?.app.free_memory).toBeGreaterThan(0);
    expect(contexts?.kubernetes).toEqual({ pod_name: 'shop-1' });
    expect(contexts?.cloud_resource).toEqual({
      'cloud.provider': 'fly',
      'cloud.platform': 'fly_machines',
      'cloud.region': 'ams',
    });
    const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    expect(contexts?.culture).toEqual({ locale, timezone: timeZone });
    expect(eventOf({}, {}).contexts).not.toHaveProperty('cloud_resource');
  });
});

describe('a name that servers would drop', () => {
  it.each<[keyof RavenOptions, string]>([
    ['release', 'feature/x'],
    ['release', 'latest'],
    ['release', '..'],
    ['release', 'x'.repeat(201)],
    ['release', 'two\nlines'],
    ['environment', 'None'],
    ['environment', 'a\\b'],
    ['environment', 'é'.repeat(33)],
    ['dist', 'a b'],
  ])('stops the app at start-up: %s %j', (option, value) => {
    expect(() => newClient({ [option]: value })).toThrow(`the option "${option}" is`);
    expect(() => newClient({}, { env: { [`SENTRY_${option.toUpperCase()}`]: value } })).toThrow(
      `the option "${option}" is`,
    );
  });

  it('may have a hundred letters and characters of all languages', () => {
    expect(
      newClient({ release: 'Läden@1.0.0-рц.1+5', environment: 'pré-prod' }).client.options,
    ).toMatchObject({
      release: 'Läden@1.0.0-рц.1+5',
      environment: 'pré-prod',
    });
  });
});

describe('a feature flag', () => {
  function flagsOf({ event, client }: ReturnType<typeof newClient>): unknown {
    client.captureMessage('m');
    return event().contexts?.flags?.values;
  }

  it('goes along with the events of its context, the newest last, each name once', () => {
    const test = newClient();
    expect(flagsOf(test)).toBeUndefined();
    test.client.flag('new-checkout', true);
    test.client.flag('theme', 'dark');
    test.client.flag('limit', 5);
    test.client.flag('new-checkout', false);
    expect(flagsOf(test)).toEqual([
      { flag: 'theme', result: 'dark' },
      { flag: 'limit', result: 5 },
      { flag: 'new-checkout', result: false },
    ]);
  });

  it('is inherited by scopes and not given back, and goes with the context', () => {
    const test = newClient();
    test.client.flag('boot', true);
    test.client.context.run(() => {
      test.client.flag('inner', true);
      expect(flagsOf(test)).toHaveLength(2);
    });
    expect(flagsOf(test)).toEqual([{ flag: 'boot', result: true }]);
    test.client.context.clear();
    expect(flagsOf(test)).toBeUndefined();
  });

  it('is one of a hundred at most, the newest', () => {
    const test = newClient();
    for (let number = 0; number < 150; number++) test.client.flag(`flag-${number}`, true);
    const values = flagsOf(test) as { flag: string }[];
    expect(values).toHaveLength(100);
    expect([values[0].flag, values[99].flag]).toEqual(['flag-50', 'flag-149']);
  });

  it('is kept within what servers keep of a context, the newest', () => {
    const test = newClient();
    for (let number = 0; number < 100; number++)
      test.client.flag(`${number}-${'x'.repeat(1000)}`, 'y'.repeat(1000));
    const values = flagsOf(test) as { flag: string; result: string }[];
    expect(values.length).toBeGreaterThan(10);
    expect(values.at(-1)?.flag).toMatch(/^99-x+$/);
    expect(JSON.stringify(values).length).toBeLessThan(8192);
  });

  it('that is none is passed over', () => {
    const test = newClient();
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
      },
    );
    const names = ['', undefined, null, 5, Symbol('s'), hostile];
    for (const name of names) test.client.flag(name as never, true);
    for (const result of [undefined, null, NaN, hostile, () => true]) test.client.flag('f', result as never);
    expect(flagsOf(test)).toBeUndefined();
  });

  it('may have the name of a secret: its value is what the app says of it', () => {
    const test = newClient();
    test.client.flag('password-reset', true);
    expect(flagsOf(test)).toEqual([{ flag: 'password-reset', result: true }]);
  });
});

it('a client is made within a millisecond of looking for its release', () => {
  const options = { dsn: 'http://public@localhost/1', installProcessHandlers: false };
  const made = (release?: string): number =>
    workedMs(() => void new RavenClient({ ...options, release }, { env: {} }).close(0));
  const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  const rounds = Array.from({ length: 21 }, () => [made(), made('given')]);
  expect(median(rounds.map(([detected, given]) => detected - given))).toBeLessThan(1);
});
