import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CHECKS } from '../../lib/cli/doctor/checks';
import { SDK } from '../../lib/protocol/sdk';
import type { ToldFinding } from '../../lib/cli/doctor/told-finding';
import { freePort } from '../support/free-port';
import { appFolder, type AppFolder } from './support/app-folder';
import { builtCli, type BuiltCli } from './support/built-cli';
import { runHere } from './support/run-here';
import { comparable, shownRuns } from './support/shown-runs';

const KEY = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const SECRET = 'dsn-secret';

let cli: BuiltCli;
let app: AppFolder;

beforeAll(() => {
  cli = builtCli();
}, 60_000);
afterAll(() => cli.remove());
beforeEach(() => {
  app = appFolder(cli.folder);
});
afterEach(() => app.remove());

interface Diagnosis {
  code: number | null;
  ok: number;
  warnings: number;
  problems: number;
  findings: ToldFinding[];
}

const DSN = `https://${KEY}:${SECRET}@errors.example.com/1`;

/** Runs `nestjs-raven doctor --json`; whatever the test is about, nothing secret is printed. */
async function diagnose(env: Record<string, string> = {}, args: string[] = []): Promise<Diagnosis> {
  const options = { folder: app.path, env: { SENTRY_DSN: `https://${KEY}@errors.example.com/1`, ...env } };
  const { code, stdout, stderr } = await runHere(['doctor', '--json', ...args], options);
  expect(stdout + stderr).not.toMatch(new RegExp(`${KEY}|${SECRET}`));
  return { ...(JSON.parse(stdout) as Diagnosis), code };
}

/** What one check found that is not ok: status and message. */
function complaints({ findings }: Diagnosis, check: string): [status: string, message: string][] {
  return findings
    .filter((finding) => finding.check === check && finding.status !== 'ok')
    .map(({ status, message }) => [status, message]);
}

describe('an app that nothing is wrong with', () => {
  it('has every check ok, and the doctor ends with 0', async () => {
    const { code, findings, warnings, problems } = await diagnose();
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect({ code, warnings, problems }).toEqual({ code: 0, warnings: 0, problems: 0 });
    expect(new Set(findings.map(({ check }) => check))).toEqual(new Set(CHECKS.map(([name]) => name)));
  });

  it('is looked over from elsewhere by the name of its folder', async () => {
    const { code, stdout } = await cli.run(['doctor', app.path]);
    expect(code).toBe(0);
    expect(stdout).toContain('RavenModule.forRoot is imported in src/app.module.ts:5');
  });

  it('is looked over although nothing is installed', async () => {
    app.remove('node_modules');
    const found = await diagnose();
    expect(complaints(found, 'packages')).toContainEqual(['problem', '@nestjs/core is not installed']);
    expect(complaints(found, 'copies')).toEqual([['problem', 'nestjs-raven is not installed here']]);
    expect(found.code).toBe(1);
  });

  it('is looked over by a command that has no Nest, with which only a test event cannot be sent', async () => {
    const alone = builtCli(['commander']);
    onTestFinished(() => alone.remove());
    const { code, stdout } = await alone.run(['doctor'], { folder: app.path });
    expect(code).toBe(0);
    expect(stdout).toContain('RavenModule.forRoot is imported');
    const test = await alone.run(['test', 'http://key@127.0.0.1:9/1'], { folder: app.path });
    expect(test).toMatchObject({ code: 2, stdout: '' });
    expect(test.stderr).toContain('@nestjs/common is not installed here');
  });
});

describe('packages', () => {
  it('in versions that this package is not for are problems', async () => {
    app.fake('node_modules/@nestjs/core', { name: '@nestjs/core', version: '9.4.3' });
    const found = await diagnose();
    expect(complaints(found, 'packages')).toEqual([
      ['problem', '@nestjs/core 9.4.3 is not within ^10.0.0 || ^11.0.0 || ^12.0.0'],
      ['problem', expect.stringContaining('different major versions')],
    ]);
    expect(found.code).toBe(1);
  });

  it('that are optional are warned of', async () => {
    app.fake('node_modules/pino', { name: 'pino', version: '7.0.0' });
    expect(complaints(await diagnose(), 'packages')).toEqual([['warning', 'pino 7.0.0 is not within >=8']]);
  });

  it('of which a dependency brings a second copy are a problem, with the places', async () => {
    const manifest = JSON.parse(readFileSync(join(app.path, 'package.json'), 'utf8')) as {
      dependencies: object;
    };
    app.write('package.json', { ...manifest, dependencies: { ...manifest.dependencies, lib: '*' } });
    app.fake('node_modules/lib', { name: 'lib', version: '1.0.0', dependencies: { 'nestjs-raven': '*' } });
    app.fake('node_modules/lib/node_modules/nestjs-raven', { name: 'nestjs-raven', version: '0.0.9' });
    // Nobody loads this one.
    app.fake('node_modules/other/node_modules/nestjs-raven', { name: 'nestjs-raven', version: '0.0.8' });
    const [[status, message], ...others] = complaints(await diagnose(), 'copies');
    expect([status, others]).toEqual(['problem', []]);
    expect(message).toMatch(/^2 copies of nestjs-raven: /);
    expect(message).toContain(join('node_modules/lib/node_modules/nestjs-raven (0.0.9)'));
    expect(message).not.toContain('0.0.8');
  });

  it.each([
    ['one', '12.0.0', []],
    ['two', '11.0.0', [['problem', expect.stringContaining('2 copies of @nestjs/core')]]],
  ])('that lie in a store of links are %s where they are', async (_count, version, found) => {
    const store = 'node_modules/.pnpm/nestjs-raven@1/node_modules';
    const manifest = {
      name: 'nestjs-raven',
      version: SDK.version,
      peerDependencies: { '@nestjs/core': '*' },
    };
    app.fake('node_modules/.pnpm/core/core', { name: '@nestjs/core', version: '12.0.0' });
    app.fake('node_modules/.pnpm/other/core', { name: '@nestjs/core', version });
    app.fake(`${store}/nestjs-raven`, manifest);
    const core = version === '12.0.0' ? 'core' : 'other';
    app.link(`${store}/@nestjs/core`, `node_modules/.pnpm/${core}/core`);
    app.link('node_modules/@nestjs/core', 'node_modules/.pnpm/core/core');
    app.link('node_modules/nestjs-raven', `${store}/nestjs-raven`);
    expect(complaints(await diagnose(), 'copies')).toEqual(found);
  });

  it('that only a folder above has are warned of', async () => {
    app.write('package.json', { name: 'shop', dependencies: {} });
    expect(complaints(await diagnose(), 'copies')).toContainEqual([
      'warning',
      'nestjs-raven is not among what package.json has the app install',
    ]);
  });
});

describe('RavenModule', () => {
  it('that no module imports is a problem', async () => {
    app.write('src/app.module.ts', 'export class AppModule {}\n');
    const found = await diagnose();
    expect(complaints(found, 'module')).toEqual([['problem', 'no module imports RavenModule']]);
    expect(found.code).toBe(1);
  });

  it('in a comment, in a test and of another package is none', async () => {
    app.write('src/app.module.ts', '// imports: [RavenModule.forRoot()]\nexport class AppModule {}\n');
    app.write(
      'src/app.spec.ts',
      "import { RavenModule } from 'nestjs-raven';\nconst m = { imports: [RavenModule.forRoot()] };\n",
    );
    app.write(
      'src/other.ts',
      "import { RavenModule } from 'nest-raven';\nexport const m = { imports: [RavenModule.forRoot()] };\n",
    );
    expect(complaints(await diagnose(), 'module')).toHaveLength(1);
  });

  it.each([
    [
      'by another name',
      "import { RavenModule as Errors } from 'nestjs-raven';\nexport const m = { imports: [Errors.forRoot()] };\n",
    ],
    [
      'as part of the whole',
      "import * as raven from 'nestjs-raven';\nexport const m = { imports: [raven.RavenModule.forRootAsync({})] };\n",
    ],
    [
      'under a condition',
      "import { RavenModule } from 'nestjs-raven';\nexport const m = { imports: [...(process.env.A ? [RavenModule.forRoot()] : [])] };\n",
    ],
  ])('is found %s', async (_how, source) => {
    app.write('src/app.module.ts', source);
    const { findings } = await diagnose();
    expect(findings.find(({ check }) => check === 'module')?.message).toMatch(
      /is imported in src\/app\.module\.ts:2/,
    );
  });

  it.each([
    [
      "import { RavenModule } from 'nestjs-raven/compat/nest-raven';\nexport const m = { imports: [RavenModule] };\n",
      'RavenModule of nestjs-raven/compat/nest-raven stands in src/app.module.ts',
    ],
    [
      "import { SentryModule } from 'nestjs-raven/compat/ntegral';\nexport const m = { imports: [SentryModule.forRoot({})] };\n",
      'SentryModule.forRoot is imported in src/app.module.ts:2',
    ],
  ])('may be one that takes the place of another package: %j', async (source, message) => {
    app.write('src/app.module.ts', source);
    const found = await diagnose();
    expect(found.findings.filter(({ check }) => check === 'module').map((one) => one.message)).toEqual([
      message,
    ]);
    expect(complaints(found, 'other-clients')).toEqual([]);
    expect(complaints(found, 'settings')).toEqual([]);
  });

  it('that is called elsewhere than in imports is warned of', async () => {
    app.write(
      'src/app.module.ts',
      "import { RavenModule } from 'nestjs-raven';\nexport const errors = RavenModule.forRoot();\n",
    );
    expect(complaints(await diagnose(), 'module')[0][1]).toContain('in no list of imports that can be seen');
  });

  it('is looked for in the libraries of a workspace too', async () => {
    app.write('nest-cli.json', {
      monorepo: true,
      root: 'apps/shop',
      sourceRoot: 'apps/shop/src',
      projects: {
        shop: { type: 'application', root: 'apps/shop', sourceRoot: 'apps/shop/src' },
        errors: { type: 'library', root: 'libs/errors', sourceRoot: 'libs/errors/src' },
      },
    });
    app.write('libs/errors/src/errors.module.ts', readFileSync(join(app.path, 'src/app.module.ts'), 'utf8'));
    app.write('apps/shop/src/main.ts', readFileSync(join(app.path, 'src/main.ts'), 'utf8'));
    app.remove('src');
    const { findings } = await diagnose();
    const messages = findings.map(({ message }) => message);
    expect(messages).toContain('RavenModule.forRoot is imported in libs/errors/src/errors.module.ts:5');
    expect(messages).toContain('enableShutdownHooks() is called in apps/shop/src/main.ts:6');
    const { stdout } = await runHere(['doctor', 'apps/shop'], { folder: app.path });
    expect(stdout).toContain('libs/errors/src/errors.module.ts:5');
  });

  it('cannot be looked for without TypeScript, which is said', async () => {
    app.remove('node_modules/typescript');
    expect(complaints(await diagnose(), 'module')[0]).toEqual([
      'warning',
      'sources were not looked at: there is no TypeScript here that can read them',
    ]);
  });

  it('is looked for in sources that cannot be parsed, as far as can be', async () => {
    app.write('src/broken.ts', 'class { ) imports: [ <<<< "\n');
    expect((await diagnose()).code).toBe(0);
  });
});

describe('the start of the app', () => {
  const main = (): string => readFileSync(join(app.path, 'src/main.ts'), 'utf8');

  it('without shutdown hooks is warned of', async () => {
    app.write('src/main.ts', main().replace('  app.enableShutdownHooks();\n', ''));
    const found = await diagnose();
    expect(complaints(found, 'shutdown-hooks')[0][1]).toContain(
      'the app made in src/main.ts:5 has no enableShutdownHooks()',
    );
    expect(found.code).toBe(0);
  });

  it('that has hooks on what create gives has them', async () => {
    app.write(
      'src/main.ts',
      main().replace('  app.enable', '  (await NestFactory.create(AppModule)).enable'),
    );
    expect(complaints(await diagnose(), 'shutdown-hooks')).toEqual([]);
  });

  it('with a file of another client that is loaded first reports twice', async () => {
    app.write('src/instrument.ts', "import * as Sentry from '@sentry/nestjs';\nSentry.init({ dsn: 'x' });\n");
    app.write('src/main.ts', `import './instrument';\n${main()}`);
    const found = await diagnose();
    expect(complaints(found, 'other-clients')).toEqual([
      ['problem', 'src/instrument.ts:2 sets up another client, @sentry/nestjs: errors are reported twice'],
    ]);
    expect(found.code).toBe(1);
  });

  it.each([
    [
      "import { SentryModule } from '@sentry/nestjs/setup';\nexport const m = { imports: [SentryModule.forRoot()] };\n",
      '@sentry/nestjs/setup',
    ],
    [
      "import { SentryGlobalFilter } from '@sentry/nestjs/setup';\nexport const f = new SentryGlobalFilter();\n",
      'SentryGlobalFilter',
    ],
    [
      "import { RavenInterceptor } from 'nest-raven';\nexport const i = new RavenInterceptor();\n",
      'RavenInterceptor of nest-raven',
    ],
    ["import { init } from '@sentry/node';\ninit({});\n", '@sentry/node'],
  ])('with another client reports twice: %j', async (source, what) => {
    app.write('src/other.ts', source);
    const [[status, message]] = complaints(await diagnose(), 'other-clients');
    expect(status).toBe('problem');
    expect(message).toContain(what);
  });

  it('that loads a file of another client by a flag is warned of', async () => {
    app.write('package.json', {
      name: 'shop',
      scripts: { start: 'node --import ./instrument.mjs dist/main.js' },
    });
    expect(complaints(await diagnose(), 'other-clients')[0][1]).toContain('the script "start"');
  });

  it('with another client that is only installed is warned of', async () => {
    app.write('package.json', { name: 'shop', dependencies: { '@sentry/nestjs': '10.0.0' } });
    expect(complaints(await diagnose(), 'other-clients')).toEqual([
      ['warning', '@sentry/nestjs is still in package.json, and set up nowhere in src'],
    ]);
  });
});

describe('the order of imports', () => {
  const module = (imports: string): string => `import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { RavenModule } from 'nestjs-raven';
@Module({ imports: [${imports}] })
export class AppModule {}
`;
  const raven = 'RavenModule.forRoot({ dsn: process.env.ERRORS_DSN })';

  it('in which options are read before the file of variables is warned of', async () => {
    app.write('src/app.module.ts', module(`${raven}, ConfigModule.forRoot()`));
    expect(complaints(await diagnose(), 'import-order')).toEqual([
      [
        'warning',
        'src/app.module.ts:4 reads variables before ConfigModule.forRoot in src/app.module.ts:4 has read .env',
      ],
    ]);
  });

  it.each([
    ['the variables are read first', `ConfigModule.forRoot(), ${raven}`],
    [
      'the client reads them itself',
      'RavenModule.forRoot({ dsn: process.env.SENTRY_DSN }), ConfigModule.forRoot()',
    ],
    [
      'a factory does',
      'RavenModule.forRootAsync({ useFactory: () => ({ dsn: process.env.ERRORS_DSN }) }), ConfigModule.forRoot()',
    ],
  ])('is fine where %s', async (_why, imports) => {
    app.write('src/app.module.ts', module(imports));
    expect(complaints(await diagnose(), 'import-order')).toEqual([]);
  });

  it.each([
    ["import { AppModule } from './app.module';\nimport 'dotenv/config';\n", 1],
    ["import { config } from 'dotenv';\nimport { AppModule } from './app.module';\nconfig();\n", 1],
    ["import 'dotenv/config';\nimport { AppModule } from './app.module';\n", 0],
  ])('has the file of variables read before the modules: %j', async (first, count) => {
    app.write('src/app.module.ts', module(raven));
    app.write(
      'src/main.ts',
      `${first}import { NestFactory } from '@nestjs/core';\nvoid NestFactory.create(AppModule);\n`,
    );
    expect(complaints(await diagnose(), 'import-order')).toHaveLength(count);
  });
});

describe('source maps', () => {
  it('that lie beside the code are fine, in files or in the code', async () => {
    app.write('dist/main.js', '');
    app.write('dist/main.js.map', '{}');
    app.write('dist/other.js', '//# sourceMappingURL=data:application/json;base64,e30=\n');
    const { findings } = await diagnose();
    const { status, message } = findings.find(({ check }) => check === 'source-maps')!;
    expect([status, message]).toEqual(['ok', 'all 2 files of code in dist have source maps']);
  });

  it('that some of the code has not are warned of, with examples', async () => {
    app.write('dist/main.js', '');
    app.write('dist/main.js.map', '{}');
    app.write('dist/orders/orders.service.js', '');
    expect(complaints(await diagnose(), 'source-maps')[0][1]).toMatch(
      /^1 of 2 files of code in dist have no source map, such as dist\/orders\/orders\.service\.js/,
    );
  });

  it('that the compiler is not told to write are warned of, through what a tsconfig extends', async () => {
    app.write('tsconfig.base.json', { compilerOptions: { sourceMap: false } });
    app.write('tsconfig.json', '{ "extends": "./tsconfig.base.json", /* ours */ "compilerOptions": {}, }');
    expect(complaints(await diagnose(), 'source-maps')[0][1]).toContain(
      'tsconfig.json has no source maps written',
    );
    app.write('tsconfig.base.json', { compilerOptions: { inlineSourceMap: true } });
    expect(complaints(await diagnose(), 'source-maps')).toEqual([]);
  });

  it('are looked for where the build of nest-cli.json writes', async () => {
    app.write('nest-cli.json', { compilerOptions: { tsConfigPath: 'tsconfig.prod.json' } });
    app.write('tsconfig.prod.json', { compilerOptions: { outDir: 'build' } });
    app.write('build/main.js', '');
    expect(complaints(await diagnose(), 'source-maps')[0][1]).toContain('1 of 1 files of code in build');
  });
});

describe('the DSN of the environment', () => {
  it.each([
    ['', 'warning', 'SENTRY_DSN is not set here: without a DSN nothing is reported'],
    [`https://${KEY}:${SECRET}@errors.example.com`, 'problem', 'has no project id'],
    [`${KEY}`, 'problem', 'is not a URL'],
    [DSN, 'warning', 'with a secret'],
    [`http://${KEY}@errors.example.com/1`, 'warning', 'unencrypted'],
    ['https://public@o1.ingest.sentry.io/1', 'problem', 'not one of 32 hex digits'],
  ])('%s', async (dsn, status, message) => {
    const found = complaints(await diagnose({ SENTRY_DSN: dsn }), 'dsn');
    expect(found).toEqual([[status, expect.stringContaining(message)]]);
  });

  it('may be missing where the code has one', async () => {
    app.write(
      'src/app.module.ts',
      "import { RavenModule } from 'nestjs-raven';\nexport const m = { imports: [RavenModule.forRoot({ dsn: process.env.X })] };\n",
    );
    expect(complaints(await diagnose({ SENTRY_DSN: '' }), 'dsn')).toEqual([]);
  });

  it('may stand in a file', async () => {
    app.write('.env', `SENTRY_DSN=${DSN}\n`);
    const { stdout } = await cli.run(['doctor', '--dotenv', '.env'], { folder: app.path });
    expect(stdout).toContain('https://***@errors.example.com/1 with a secret');
  });
});

describe('settings', () => {
  const options = (text: string): void =>
    app.write(
      'src/app.module.ts',
      `import { RavenModule } from 'nestjs-raven';\nexport const m = { imports: [RavenModule.forRoot(${text})] };\n`,
    );

  it.each([
    [`{ dsn: '${DSN}' }`, {}, 'warning', 'has the DSN in the code'],
    [
      "{ release: '1' }",
      { SENTRY_RELEASE: '2' },
      'warning',
      'says release, so that SENTRY_RELEASE has no effect',
    ],
    ['{ enabled: false }', {}, 'warning', 'nothing is reported'],
    ['{ enableBreadcrumbs: false, breadcrumbSources: {} }', {}, 'warning', 'breadcrumbSources has no effect'],
    ['{ axios: {}, transport: NodeHttpTransport }', {}, 'problem', 'the app will not start'],
    ['{ name: "a" }), RavenModule.forRoot({ name: "a" }', {}, 'warning', 'clients of the same name'],
    ['{ sampleRate: 0 }', {}, 'warning', '"sampleRate" is 0'],
    ["{ dsn: process.env.A, sanitizeKeys: ['iban'] }", {}, 'warning', '"sanitizeKeys" masks nothing'],
    ['{ sampleRate: 2 }', {}, 'problem', 'expected a number from 0 to 1; the app will not start'],
    ['{ sample_rate: 1 }', {}, 'problem', 'did you mean "sampleRate"?'],
    ['', { SENTRY_RELEASE: 'latest' }, 'problem', 'the environment: "release" is "latest"'],
    ['', { SENTRY_ENVIRONMENT: 'a/b' }, 'problem', 'the environment: "environment" is "a/b"'],
  ])('%s with %j', async (text, env, status, message) => {
    options(text);
    const found = complaints(await diagnose(env as Record<string, string>), 'settings');
    expect(found).toContainEqual([status, expect.stringContaining(message)]);
  });

  it('of a build without a release are warned of', async () => {
    app.write('package.json', { name: 'shop' });
    const found = complaints(await diagnose({ SENTRY_DIST: '7' }), 'settings');
    expect(found).toEqual([['warning', expect.stringContaining('there is no release to go along with')]]);
  });

  it.each(["{ sanitizeKeys: ['iban'], processors: OURS }", "{ ...shared, sanitizeKeys: ['iban'] }"])(
    'that cannot all be read are not guessed at: %s',
    async (text) => {
      options(text);
      expect(complaints(await diagnose(), 'settings')).toEqual([]);
    },
  );

  it('that differ from the environment by reading it are fine', async () => {
    options('{ release: process.env.VERSION, enabled: process.env.NODE_ENV === "production", name: "b" }');
    expect(complaints(await diagnose({ SENTRY_RELEASE: '2' }), 'settings')).toEqual([]);
  });
});

describe('Spotlight', () => {
  it('that listens is fine', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/stream`;
    const found = await diagnose({ SENTRY_SPOTLIGHT: url });
    expect(complaints(found, 'spotlight')).toEqual([]);
    expect(found.findings.at(-1)?.message).toContain('where something listens');
  });

  it('that does not listen is warned of', async () => {
    const env = { SENTRY_SPOTLIGHT: `http://me:${SECRET}@127.0.0.1:${await freePort()}/stream` };
    expect(complaints(await diagnose(env), 'spotlight')[0][1]).toContain('where nothing listens');
  });

  it('that production ignores is warned of', async () => {
    const env = { SENTRY_SPOTLIGHT: '1', NODE_ENV: 'production' };
    expect(complaints(await diagnose(env), 'spotlight')[0][1]).toContain('NODE_ENV is production');
  });
});

describe('a folder', () => {
  it('that is not there is wrong usage', async () => {
    expect(await cli.run(['doctor', 'nowhere'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('that is no app is told of', async () => {
    const { code, stdout } = await cli.run(['doctor']);
    expect(code).toBe(1);
    expect(stdout).toContain('there is no package.json here or above');
  });

  it('whose package.json is broken is told so, whatever stands above', async () => {
    app.write('apps/orders/package.json', '{ "name": "orders", }');
    const found = await diagnose({}, ['apps/orders']);
    expect(complaints(found, 'copies')).toEqual([
      ['problem', 'package.json cannot be read: it is no JSON object'],
    ]);
    expect(found.code).toBe(1);
  });

  it('whose tsconfig.json is broken, or extends what is not there, is told so', async () => {
    app.write('tsconfig.json', '{ "compilerOptions": {');
    expect(complaints(await diagnose(), 'source-maps')[0][1]).toMatch(
      /^tsconfig\.json cannot be read: .*'}'/,
    );
    app.write('tsconfig.json', { extends: './base.json' });
    expect(complaints(await diagnose(), 'source-maps')[0][1]).toMatch(/cannot be read: .*base\.json/);
    app.write('base.json', '{ /* ours */ "compilerOptions": { "sourceMap": true, }, }');
    expect(complaints(await diagnose(), 'source-maps')).toEqual([]);
  });

  it('of JavaScript that loads by require is read as well', async () => {
    app.remove('src');
    app.write(
      'src/main.js',
      `const { Module } = require('@nestjs/common');
const core = require('@nestjs/core');
const { RavenModule: Raven } = require('nestjs-raven');
class AppModule {}
Module({ imports: [Raven.forRoot({ enabled: false })] })(AppModule);
core.NestFactory.create(AppModule).then((app) => app.enableShutdownHooks().listen(3000));
`,
    );
    const found = await diagnose();
    const seen = found.findings.filter(({ check }) => check === 'module');
    expect(seen.map(({ message }) => message)).toEqual(['RavenModule.forRoot is imported in src/main.js:5']);
    expect(complaints(found, 'settings')[0][1]).toContain('enabled: false');
    expect(complaints(found, 'shutdown-hooks')).toEqual([]);
  });
});

describe('docs/cli.md', () => {
  const page = readFileSync(join(__dirname, '../../docs/cli.md'), 'utf8');

  it('shows what the doctor prints', async () => {
    app.write(
      'src/main.ts',
      readFileSync(join(app.path, 'src/main.ts'), 'utf8').replace('  app.enableShutdownHooks();\n', ''),
    );
    const env = { SENTRY_DSN: `https://${KEY}@errors.example.com/1` };
    const { stdout } = await cli.run(['doctor'], { folder: app.path, env });
    const [shown] = shownRuns().filter(({ command }) => command === 'doctor');
    expect(comparable(stdout)).toBe(comparable(shown.output));
  });

  it.each(CHECKS.map(([name]) => name))('has a part on %s, which its findings name', (name) => {
    expect(page).toContain(`\n### ${name}\n`);
  });
});
