import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nestAddRunner, type Files, type NestAddRun, type NestAddRunner } from './support/nest-add-runner';
import { moduleFile, NEW_APP } from './support/new-app';

let runner: NestAddRunner;
beforeAll(async () => {
  runner = await nestAddRunner();
});
afterAll(() => runner.remove());

const RAVEN = 'RavenModule.forRoot({ dsn: process.env.SENTRY_DSN })';

/** Runs it twice; the second run changes nothing. */
async function addTwice(files: Files): Promise<NestAddRun> {
  const first = await runner.run({ ...NEW_APP, ...files });
  expect((await runner.run(first.files)).changed).toEqual([]);
  return first;
}

async function rootModule(decorator: string): Promise<string> {
  const { files } = await addTwice({ 'src/app.module.ts': moduleFile(decorator) });
  const text = files['src/app.module.ts'] ?? '';
  const head = "import { Module } from '@nestjs/common';\nimport { RavenModule } from 'nestjs-raven';\n\n";
  expect(text.startsWith(head)).toBe(true);
  return text.slice(head.length, -'\nexport class AppModule {}\n'.length);
}

describe('the root module', () => {
  it.each([
    ['an empty list', '@Module({ imports: [] })', `@Module({ imports: [${RAVEN}] })`],
    [
      'no list',
      '@Module({\n  providers: [A],\n})',
      `@Module({\n  imports: [${RAVEN}],\n  providers: [A],\n})`,
    ],
    [
      'no list in one line',
      '@Module({ providers: [A] })',
      `@Module({ imports: [${RAVEN}], providers: [A] })`,
    ],
    ['nothing', '@Module({})', `@Module({\n  imports: [${RAVEN}],\n})`],
    ['a comment alone', '@Module({\n  // later\n})', `@Module({\n  imports: [${RAVEN}],\n  // later\n})`],
    ['a short list', '@Module({\n  imports: [A, B],\n})', `@Module({\n  imports: [${RAVEN}, A, B],\n})`],
    [
      'a list that would be too long for a line',
      '@Module({\n  imports: [OrdersModule, BillingModule],\n})',
      `@Module({\n  imports: [\n    ${RAVEN},\n    OrdersModule, BillingModule,\n  ],\n})`,
    ],
    [
      'a line each',
      '@Module({\n  imports: [\n    A,\n    B\n  ],\n})',
      `@Module({\n  imports: [\n    ${RAVEN},\n    A,\n    B\n  ],\n})`,
    ],
    [
      'what is said of the first entry',
      '@Module({\n  imports: [ // all of them\n    // of A\n    A,\n  ],\n})',
      `@Module({\n  imports: [ // all of them\n    ${RAVEN},\n    // of A\n    A,\n  ],\n})`,
    ],
    [
      'a list with nothing but a comment',
      '@Module({\n  imports: [\n    // none yet\n  ],\n})',
      `@Module({\n  imports: [\n    ${RAVEN},\n    // none yet\n  ],\n})`,
    ],
    [
      'what comes from elsewhere',
      '@Module({\n  imports: [...common],\n})',
      `@Module({\n  imports: [${RAVEN}, ...common],\n})`,
    ],
    [
      'what it spreads beside its list',
      "@Module({\n  ...base,\n  'imports': [],\n})",
      `@Module({\n  ...base,\n  'imports': [${RAVEN}],\n})`,
    ],
    [
      'other decorators, and tabs',
      '@Global()\n@Module({\n\tproviders: [A],\n})',
      `@Global()\n@Module({\n\timports: [${RAVEN}],\n\tproviders: [A],\n})`,
    ],
  ])('keeps %s as it is written', async (_, before, after) => {
    expect(await rootModule(before)).toBe(after);
  });

  it('keeps the ends of lines, the quotes, and what Windows puts before them', async () => {
    const text =
      '\uFEFFimport { Module } from "@nestjs/common"\r\n\r\n@Module({\r\n    imports: [],\r\n})\r\nexport class AppModule {}\r\n';
    const { files } = await addTwice({ 'src/app.module.ts': text });
    expect(files['src/app.module.ts']).toBe(
      text
        .replace('common"\r\n', 'common"\r\nimport { RavenModule } from "nestjs-raven"\r\n')
        .replace('[]', `[${RAVEN}]`),
    );
  });

  it('imports RavenModule along with what it has of the package already', async () => {
    const imports = "import {\n  InjectRaven,\n  RavenClient,\n} from 'nestjs-raven';\n";
    const { files } = await addTwice({ 'src/app.module.ts': imports + moduleFile('@Module({})') });
    expect(files['src/app.module.ts']).toContain(
      "import {\n  InjectRaven,\n  RavenClient,\n  RavenModule,\n} from 'nestjs-raven';\n",
    );
  });

  it('has an import of its own where only types are imported of the package', async () => {
    const { files } = await addTwice({
      'src/app.module.ts': `import type { RavenOptions } from 'nestjs-raven';\n${moduleFile('@Module({})')}`,
    });
    expect(files['src/app.module.ts']).toContain("common';\nimport { RavenModule } from 'nestjs-raven';\n");
  });

  it('asks the ConfigService where the app has one', async () => {
    const { files } = await addTwice({
      'src/app.module.ts': `import { ConfigModule } from '@nestjs/config';\n${moduleFile('@Module({\n  imports: [ConfigModule.forRoot()],\n})')}`,
    });
    expect(files['src/app.module.ts']).toBe(`import { ConfigModule, ConfigService } from '@nestjs/config';
import { Module } from '@nestjs/common';
import { RavenModule } from 'nestjs-raven';

@Module({
  imports: [
    RavenModule.forRootAsync({
      imports: [ConfigModule],
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        dsn: config.get<string>('SENTRY_DSN'),
      }),
    }),
    ConfigModule.forRoot(),
  ],
})
export class AppModule {}
`);
  });

  it('has of the ConfigService what docs/install.md says', async () => {
    const page = readFileSync(join(__dirname, '../../docs/install.md'), 'utf8');
    const [, shown = 'no code'] = /```ts\n([^]*?)```/.exec(page) ?? [];
    const { files } = await addTwice({
      'src/app.module.ts': `import { ConfigModule } from '@nestjs/config';\n${moduleFile('@Module({})')}`,
    });
    const written = (files['src/app.module.ts'] ?? '').replaceAll(/^ {4}/gm, '');
    expect(written).toContain(shown);
  });

  it('asks the ConfigService that another module has set up', async () => {
    const { files } = await addTwice({
      'src/core.module.ts': `import { ConfigModule } from '@nestjs/config';\n${moduleFile('@Module({ imports: [ConfigModule.forRoot()] })', 'CoreModule')}`,
      'src/app.module.ts': moduleFile('@Module({\n  providers: [],\n})'),
    });
    expect(files['src/app.module.ts']).toContain(`import { RavenModule } from 'nestjs-raven';
import { ConfigModule, ConfigService } from '@nestjs/config';
`);
    expect(files['src/app.module.ts']).toContain(`  imports: [
    RavenModule.forRootAsync({
      imports: [ConfigModule],`);
  });
});

describe('a root module that has it', () => {
  it.each([
    ['in its imports', "import { RavenModule } from 'nestjs-raven';\n", 'RavenModule.forRoot({ dsn })'],
    [
      'by a factory',
      "import { RavenModule } from 'nestjs-raven';\n",
      'RavenModule.forRootAsync({ useFactory })',
    ],
    ['by another name', "import { RavenModule as Errors } from 'nestjs-raven';\n", 'Errors.forRoot()'],
    ['by a namespace', "import * as raven from 'nestjs-raven';\n", 'raven.RavenModule.forRoot()'],
  ])('%s is left as it is', async (_, imports, entry) => {
    const app = { 'src/app.module.ts': imports + moduleFile(`@Module({ imports: [${entry}] })`) };
    const { changed, told } = await addTwice(app);
    expect(changed).toEqual(['src/main.ts']);
    expect(told).toContain('info nestjs-raven: src/app.module.ts has RavenModule already');
  });

  it('in another module of the app is left as it is', async () => {
    const core = `import { RavenModule } from 'nestjs-raven';\n${moduleFile('@Module({ imports: [RavenModule.forRoot()] })', 'CoreModule')}`;
    const { changed } = await addTwice({ 'src/core/core.module.ts': core });
    expect(changed).toEqual(['src/main.ts']);
  });

  it('in comments and in tests only does not have it', async () => {
    const test = `import { RavenModule } from 'nestjs-raven';\n${moduleFile('@Module({ imports: [RavenModule.forRoot()] })')}`;
    const { changed } = await addTwice({
      'src/app.spec.ts': test,
      'src/notes.ts': '// nestjs-raven: RavenModule.forRoot()\n',
    });
    expect(changed).toContain('src/app.module.ts');
  });
});

describe('a root module that cannot be added to', () => {
  it.each([
    [
      'a list of a variable',
      moduleFile('@Module({ imports: common })'),
      'the imports of AppModule are not written there as a list',
    ],
    [
      'a list by its name',
      moduleFile('@Module({ imports })'),
      'the imports of AppModule are not written there as a list',
    ],
    ['options that are spread', moduleFile('@Module({ ...common })'), 'comes from elsewhere'],
    ['options of a variable', moduleFile('@Module(common)'), 'what the @Module() of AppModule is given'],
    ['no decorator', moduleFile(''), 'AppModule has no @Module() there'],
    [
      'another RavenModule',
      `import { RavenModule } from 'nest-raven';\n${moduleFile('@Module({ imports: [RavenModule] })')}`,
      'RavenModule is something else there',
    ],
    ['errors of syntax', moduleFile('@Module({ imports: [, })'), 'it has errors of syntax'],
  ])('for %s stays, and what it needs is told', async (_, text, why) => {
    const { files, changed, told } = await addTwice({ 'src/app.module.ts': text });
    expect(changed).toEqual(['src/main.ts']);
    expect(files['src/app.module.ts']).toBe(text);
    const [warning = ''] = told.filter((line) => line.startsWith('warn '));
    expect(warning).toContain('src/app.module.ts was not changed');
    expect(warning).toContain(why);
    expect(warning).toContain(`    ${RAVEN},`);
    expect(told.join('\n')).not.toContain('errors are sent');
  });

  it('tells of the ConfigService where the app has one', async () => {
    const { told } = await addTwice({
      'src/app.module.ts': `import { ConfigModule } from '@nestjs/config';\n${moduleFile('@Module(common)')}`,
    });
    expect(told.join('\n')).toContain("dsn: config.get<string>('SENTRY_DSN'),");
  });

  it('in another encoding stays', async () => {
    const text = Buffer.from([...Buffer.from(moduleFile('@Module({})')), 0xe9, 0x0a]);
    const { told } = await runner.run({ ...NEW_APP, 'src/app.module.ts': text as unknown as string });
    expect(told.join('\n')).toContain('the root module was not changed');
  });
});
