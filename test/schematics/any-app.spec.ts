import 'reflect-metadata';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nestAddRunner, type Files, type NestAddRunner } from './support/nest-add-runner';
import { NEW_APP } from './support/new-app';

let runner: NestAddRunner;
beforeAll(async () => {
  runner = await nestAddRunner();
});
afterAll(() => runner.remove());

interface Style {
  eol: string;
  quote: string;
  end: string;
  indent: string;
  listForm: 'none' | 'line' | 'lines';
  modules: string[];
  hasTrailingComma: boolean;
  comments: { afterOpen: boolean; before: boolean; afterEntry: boolean };
}

const STYLE: fc.Arbitrary<Style> = fc.record({
  eol: fc.constantFrom('\n', '\r\n'),
  quote: fc.constantFrom("'", '"'),
  end: fc.constantFrom(';', ''),
  indent: fc.constantFrom('  ', '    ', '\t'),
  listForm: fc.constantFrom('none', 'line', 'lines'),
  modules: fc.uniqueArray(fc.constantFrom('Orders', 'Billing', 'Users', 'LongNameOfAModuleOfTheApp'), {
    maxLength: 4,
  }),
  hasTrailingComma: fc.boolean(),
  comments: fc.record({ afterOpen: fc.boolean(), before: fc.boolean(), afterEntry: fc.boolean() }),
});

function appIn({ eol, quote, end, indent, listForm, modules, hasTrailingComma, comments }: Style): Files {
  const from = (name: string): string => quote + name + quote;
  const comma = hasTrailingComma && modules.length > 0 ? ',' : '';
  const lines = [
    ...(comments.before ? [`${indent}${indent}// what there is`] : []),
    ...modules.map((name, at) => {
      const isLast = at === modules.length - 1;
      return `${indent}${indent}${name}${isLast ? comma : ','}${comments.afterEntry ? ` // ${name}` : ''}`;
    }),
  ];
  const list = {
    none: [],
    line: [`${indent}imports: [${comments.before ? '/* all */ ' : ''}${modules.join(', ')}${comma}],`],
    lines: [`${indent}imports: [${comments.afterOpen ? ' // of the app' : ''}`, ...lines, `${indent}],`],
  }[listForm];
  return {
    ...NEW_APP,
    'src/app.module.ts': [
      `import { Module } from ${from('@nestjs/common')}${end}`,
      ...modules.map((name) => `import { ${name} } from ${from(`./${name}`)}${end}`),
      '',
      '@Module({',
      ...list,
      `${indent}providers: [],`,
      '})',
      'export class AppModule {}',
      '',
    ].join(eol),
    'src/main.ts': (NEW_APP['src/main.ts'] ?? '').replaceAll('\n', eol),
  };
}

/** What Nest finds at the class, once the file is compiled and run. */
function importsOf(text: string): unknown {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      experimentalDecorators: true,
    },
  });
  const load = createRequire(__filename);
  const exported: { AppModule?: object } = {};
  const stubs = (name: string): unknown => {
    if (name === '@nestjs/common') return load(name);
    if (name === 'nestjs-raven') return { RavenModule: { forRoot: (given: object) => Object.keys(given) } };
    return { [name.slice(2)]: name.slice(2) };
  };
  // oxlint-disable-next-line no-implied-eval
  new Function('require', 'exports', outputText)(stubs, exported);
  return Reflect.getMetadata('imports', exported.AppModule ?? {});
}

describe('however an app is written', () => {
  it(
    'its root module imports RavenModule first and then what it did, in its own style',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(STYLE, async (style) => {
          const app = appIn(style);
          const { files, told } = await runner.run(app);
          expect(told.filter((line) => line.startsWith('warn'))).toEqual([]);
          expect((await runner.run(files)).changed).toEqual([]);
          const text = files['src/app.module.ts'] ?? '';
          const wanted = style.listForm === 'none' ? [] : style.modules;
          expect(importsOf(text)).toEqual([['dsn'], ...wanted]);
          if (style.eol === '\r\n') expect(text.replaceAll('\r\n', '')).not.toContain('\n');
          for (const comment of app['src/app.module.ts']?.match(/\/\/.*|\/\*.*?\*\//g) ?? []) {
            expect(text).toContain(comment);
          }
          expect(text).toContain(
            `import { RavenModule } from ${style.quote}nestjs-raven${style.quote}${style.end}`,
          );
        }),
        { numRuns: 40 },
      );
    },
  );
});
