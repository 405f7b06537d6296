import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nestAddRunner, type Files, type NestAddRun, type NestAddRunner } from './support/nest-add-runner';
import { moduleFile, NEW_APP } from './support/new-app';

let runner: NestAddRunner;
beforeAll(async () => {
  runner = await nestAddRunner();
});
afterAll(() => runner.remove());

const HOOKS = 'app.enableShutdownHooks();';

/** Runs it twice; the second run changes nothing. */
async function addTwice(files: Files, options?: Record<string, unknown>): Promise<NestAddRun> {
  const first = await runner.run({ ...NEW_APP, ...files }, options);
  expect((await runner.run(first.files, options)).changed).toEqual([]);
  return first;
}

function without(path: string): Files {
  return Object.fromEntries(Object.entries(NEW_APP).filter(([name]) => name !== path));
}

function mainFile(body: string): string {
  return `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\n\n${body}\n`;
}

describe('nest add', () => {
  it('changes the root module and the entry file of a new app', async () => {
    const { files, changed, told } = await addTwice({});
    expect(changed).toEqual(['src/app.module.ts', 'src/main.ts']);
    expect(files['src/main.ts']).toContain(
      `  const app = await NestFactory.create(AppModule);\n  ${HOOKS}\n  await app.listen`,
    );
    expect(told).toEqual([
      'info nestjs-raven: src/app.module.ts imports RavenModule; errors are sent once SENTRY_DSN is set',
      'info nestjs-raven: src/main.ts enables shutdown hooks',
    ]);
  });

  it('names the package where it was not installed', async () => {
    const { files } = await addTwice({
      'package.json': '{\n\t"dependencies": {\n\t\t"axios": "1",\n\t\t"rxjs": "7"\n\t},\n\t"jest": {}\n}\n',
    });
    expect(files['package.json']).toMatch(
      /^\{\n\t"dependencies": \{\n\t\t"axios": "1",\n\t\t"nestjs-raven": "\^[\d.]+",\n\t\t"rxjs": "7"\n\t\},\n\t"jest": \{\}\n\}\n$/,
    );
  });

  it.each([
    ['no dependencies', '{\n  "name": "shop"\n}\n'],
    ['empty ones', '{ "dependencies": {} }'],
    ['ones in a line', '{ "dependencies": { "axios": "1" } }'],
    ['ones that come before it', '{\r\n  "dependencies": {\r\n    "axios": "1"\r\n  }\r\n}'],
  ])('leaves JSON where package.json has %s', async (_, text) => {
    const { files } = await addTwice({ 'package.json': text });
    const after = JSON.parse(files['package.json'] ?? '') as { dependencies: Files };
    const before = JSON.parse(text) as { dependencies?: Files };
    const { 'nestjs-raven': range, ...others } = after.dependencies;
    expect(range).toMatch(/^\^\d/);
    expect({ ...after, dependencies: others }).toEqual({
      ...before,
      dependencies: before.dependencies ?? {},
    });
  });

  it.each([
    ['no JSON', '{ "name": "shop", }'],
    ['a list', '[]'],
    ['dependencies that are none', '{ "dependencies": [] }'],
  ])('leaves a package.json that is or has %s, and tells what it needs', async (_, text) => {
    const { files, told } = await addTwice({ 'package.json': text });
    expect(files['package.json']).toBe(text);
    expect(told.join('\n')).toMatch(/package\.json was not changed: .*It needs:\n\n {2}"dependencies": \{/);
  });

  it('names SENTRY_DSN in the example of an environment, and never in a real one', async () => {
    const { files, changed } = await addTwice({ '.env.example': 'PORT=3000', '.env': 'PORT=3000' });
    expect(changed).toContain('.env.example');
    expect(files['.env.example']).toBe('PORT=3000\nSENTRY_DSN=\n');
    expect(files['.env']).toBe('PORT=3000');
    expect((await addTwice({ '.env.example': '# SENTRY_DSN=\n' })).changed).not.toContain('.env.example');
  });
});

describe('the entry file', () => {
  it.each([
    [
      'another adapter',
      'const app = await NestFactory.create<App>(\n  AppModule,\n  new FastifyAdapter(),\n);\nawait app.listen(3000);',
      `);\n${HOOKS}\nawait app.listen`,
    ],
    [
      'a comment behind it',
      'const app = await NestFactory.create(AppModule); // quick\nawait app.listen(3000);',
      `; // quick\n${HOOKS}\nawait`,
    ],
    [
      'one line',
      'void (async () => { const server = await NestFactory.create(AppModule); await server.listen(1); })();',
      ';\nserver.enableShutdownHooks(); await server',
    ],
    [
      'no semicolons',
      'const app = await NestFactory.create(AppModule)\nawait app.listen(3000)',
      ')\napp.enableShutdownHooks()\nawait app',
    ],
    [
      'a microservice, exported',
      'export const app = (await NestFactory.createMicroservice(AppModule, {})) as App;\nawait app.listen();',
      `as App;\n${HOOKS}\nawait`,
    ],
    [
      'two apps of a module',
      'const app = await NestFactory.create(AppModule);\nconst jobs = await NestFactory.createApplicationContext(AppModule);',
      `;\n${HOOKS}\nconst jobs = await NestFactory.createApplicationContext(AppModule);\njobs.enableShutdownHooks();\n`,
    ],
  ])('enables hooks beside %s', async (_, body, wanted) => {
    const { files } = await addTwice({ 'src/main.ts': mainFile(body) });
    expect(files['src/main.ts']).toContain(wanted);
  });

  it('is left as it is where it enables hooks, of some signals or all', async () => {
    const text = mainFile(
      "const app = await NestFactory.create(AppModule);\nsetUp(app);\napp.enableShutdownHooks(['SIGTERM']);",
    );
    const { changed, told } = await addTwice({ 'src/main.ts': text });
    expect(changed).toEqual(['src/app.module.ts']);
    expect(told).toContain('info nestjs-raven: src/main.ts enables shutdown hooks already');
  });

  it('enables hooks though a comment speaks of them', async () => {
    const text = mainFile('const app = await NestFactory.create(AppModule);\n// app.enableShutdownHooks();');
    expect((await addTwice({ 'src/main.ts': text })).changed).toContain('src/main.ts');
  });

  it.each([
    ['a promise', 'void NestFactory.create(AppModule).then((app) => app.listen(3000));'],
    ['nothing of Nest', 'void run(AppModule);'],
  ])('with %s stays, and what it needs is told; the root module is changed', async (_, body) => {
    const { changed, told } = await addTwice({ 'src/main.ts': mainFile(body) });
    expect(changed).toEqual(['src/app.module.ts']);
    expect(told.join('\n')).toMatch(
      /warn nestjs-raven: src\/main\.ts was not changed: .*\n\n {2}const app = .*\n {2}app\.enable/,
    );
  });

  it('that is not there is told; the usual root module is changed', async () => {
    const first = await runner.run(without('src/main.ts'));
    expect(first.changed).toEqual(['src/app.module.ts']);
    expect(first.told.join('\n')).toContain('src/main.ts was not changed: it is not there');
  });

  it('and the root module may be one file', async () => {
    const main = `import { Module } from '@nestjs/common';\nimport { NestFactory } from '@nestjs/core';\n\n@Module({})\nclass Shop {}\n\nconst app = await NestFactory.create(Shop);\n`;
    const { files, changed } = await addTwice({ 'src/main.ts': main });
    expect(changed).toEqual(['src/main.ts']);
    expect(files['src/main.ts']).toMatch(/RavenModule\.forRoot\([^]*enableShutdownHooks/);
  });
});

describe('the root module is found', () => {
  const shop = moduleFile('@Module({})', 'ShopModule');
  const main = (imports: string, module = 'ShopModule'): string =>
    `import { NestFactory } from '@nestjs/core';\n${imports}\n\nconst app = await NestFactory.create(${module});\n`;

  it.each<[string, Files, string]>([
    [
      'by its import of ESM',
      {
        'src/main.ts': main("import { ShopModule } from './shop/shop.module.js';"),
        'src/shop/shop.module.ts': shop,
      },
      'src/shop/shop.module.ts',
    ],
    [
      'by an import from the root',
      { 'src/main.ts': main("import { ShopModule } from 'src/shop.module';"), 'src/shop.module.ts': shop },
      'src/shop.module.ts',
    ],
    [
      'under another name, through a re-export',
      {
        'src/main.ts': main("import { Root as ShopModule } from './modules';"),
        'src/modules/index.ts':
          "export * from './other';\nexport { ShopModule as Root } from './shop.module';\n",
        'src/modules/other.ts': "export * from './index';\n",
        'src/modules/shop.module.ts': shop,
      },
      'src/modules/shop.module.ts',
    ],
    [
      'as a default export',
      {
        'src/main.ts': main("import Shop from './shop.module';", 'Shop'),
        'src/shop.module.ts': shop.replace('export class', 'class') + 'export default ShopModule;\n',
      },
      'src/shop.module.ts',
    ],
    [
      'where it is configured',
      {
        'src/main.ts': main("import { ShopModule } from './shop.module';", 'ShopModule.forEnvironment()'),
        'src/shop.module.ts': shop,
      },
      'src/shop.module.ts',
    ],
    [
      'by its usual name where nothing leads to it',
      { 'src/main.ts': main("import { AppModule } from '@shop/app';", 'AppModule') },
      'src/app.module.ts',
    ],
  ])('%s', async (_, files, path) => {
    const { changed } = await addTwice(files);
    expect(changed).toEqual([path, 'src/main.ts'].sort());
  });

  it('or nothing is changed, and what it needs is told', async () => {
    const first = await runner.run({
      ...without('src/app.module.ts'),
      'src/main.ts': main("import { ShopModule } from '@acme/shop';"),
    });
    expect(first.changed).toEqual(['src/main.ts']);
    expect(first.told.join('\n')).toContain(
      'the root module was not changed: the file that declares ShopModule was not found. It needs:',
    );
  });

  it('and not chosen of several', async () => {
    const text = mainFile(
      'const app = await NestFactory.create(AppModule);\nconst jobs = await NestFactory.create(JobsModule);',
    );
    const { changed, told } = await addTwice({ 'src/main.ts': text });
    expect(changed).toEqual(['src/main.ts']);
    expect(told.join('\n')).toContain('apps are made of AppModule and JobsModule');
  });
});

describe('a monorepo', () => {
  const projects = {
    shop: { type: 'application', sourceRoot: 'apps/shop/src', entryFile: 'main' },
    billing: { type: 'application', sourceRoot: 'apps/billing/src', entryFile: 'server' },
  };
  const monorepo: Files = {
    'package.json': NEW_APP['package.json'] ?? '',
    'nest-cli.json': JSON.stringify({ monorepo: true, sourceRoot: 'apps/shop/src', projects }),
    'apps/shop/src/main.ts': mainFile('const app = await NestFactory.create(AppModule);'),
    'apps/shop/src/app.module.ts': moduleFile('@Module({})'),
    'apps/billing/src/server.ts': mainFile('const app = await NestFactory.create(AppModule);'),
    'apps/billing/src/app.module.ts': moduleFile('@Module({})'),
  };

  it.each([
    ['by its folder, as the CLI gives it', { sourceRoot: 'apps/billing/src', project: 'billing' }],
    ['by its folder alone', { sourceRoot: 'apps/billing/src' }],
    ['by its name alone', { project: 'billing' }],
  ])('has one app changed, told %s', async (_, options) => {
    const { changed } = await runner.run(monorepo, options);
    expect(changed).toEqual(['apps/billing/src/app.module.ts', 'apps/billing/src/server.ts']);
  });

  it('has its default app changed where none is told', async () => {
    const { changed } = await runner.run(monorepo, {});
    expect(changed).toEqual(['apps/shop/src/app.module.ts', 'apps/shop/src/main.ts']);
  });

  it('has another app changed after the first', async () => {
    const first = await runner.run(monorepo, { project: 'shop' });
    const second = await runner.run(first.files, { project: 'billing' });
    expect(second.changed).toEqual(['apps/billing/src/app.module.ts', 'apps/billing/src/server.ts']);
  });

  it('refuses a name that it does not know, for which the CLI gives the default app', async () => {
    const options = { sourceRoot: 'apps/shop/src', project: 'biling' };
    await expect(runner.run(monorepo, options)).rejects.toThrow(
      'nestjs-raven: nothing was changed: there is no project "biling"; expected one of nest-cli.json: shop, billing',
    );
  });
});

describe('an app in JavaScript', () => {
  const javascript: Files = {
    'package.json': NEW_APP['package.json'] ?? '',
    'nest-cli.json': '{ "language": "js", "sourceRoot": "src" }',
    'src/main.js': mainFile(
      'async function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(3000);\n}\nbootstrap();',
    ),
    'src/app.module.js': moduleFile('@Module({\n  imports: [],\n})'),
  };

  /** Runs it twice; the second run changes nothing. */
  async function addTwiceTo(files: Files): Promise<NestAddRun> {
    const first = await runner.run(files);
    expect((await runner.run(first.files)).changed).toEqual([]);
    return first;
  }

  it('has its root module and its entry file changed', async () => {
    const { files, changed } = await addTwiceTo(javascript);
    expect(changed).toEqual(['src/app.module.js', 'src/main.js']);
    expect(files['src/main.js']).toContain(`  ${HOOKS}\n  await app.listen`);
    expect(files['src/app.module.js']).toContain(
      "import { RavenModule } from 'nestjs-raven';\n\n@Module({\n  imports: [RavenModule.forRoot({ dsn: process.env.SENTRY_DSN })],\n})",
    );
  });

  it('gets no types with @nestjs/config', async () => {
    const { files } = await addTwiceTo({
      ...javascript,
      'src/settings.js':
        "import { ConfigService } from '@nestjs/config';\nexport const service = ConfigService;\n",
    });
    expect(files['src/app.module.js']).toContain(
      "useFactory: (config) => ({\n        dsn: config.get('SENTRY_DSN'),",
    );
  });

  it('is told what it needs without types', async () => {
    const { told } = await runner.run({
      ...javascript,
      'src/app.module.js': moduleFile('@Module(settings)'),
      'src/settings.js':
        "import { ConfigService } from '@nestjs/config';\nexport const service = ConfigService;\n",
    });
    expect(told.join('\n')).toContain('useFactory: (config) => ({');
  });

  it('has its sources changed, not what was compiled beside them', async () => {
    const { changed } = await runner.run({
      ...NEW_APP,
      'src/main.js': javascript['src/main.js'] ?? '',
      'src/app.module.js': javascript['src/app.module.js'] ?? '',
    });
    expect(changed).toEqual(['src/app.module.ts', 'src/main.ts']);
  });
});
