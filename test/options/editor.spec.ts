import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = join(__dirname, '../..');
const FILE = join(__dirname, 'in-an-editor.ts');

/** Docstrings of the options, by name. */
const DOCSTRINGS = new Map(
  [
    ...readFileSync(join(ROOT, 'lib/raven.options.ts'), 'utf8').matchAll(/\/\*\* ([^*]*) \*\/\s+(\w+)\?: /g),
  ].map(([, text, name]) => [name, text] as const),
);

/** TypeScript as an editor runs it, with one file open. */
function editor(text: string): ts.LanguageService {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [FILE],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const source = path === FILE ? text : ts.sys.readFile(path);
      return source === undefined ? undefined : ts.ScriptSnapshot.fromString(source);
    },
    getCurrentDirectory: () => ROOT,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (path) => path === FILE || ts.sys.fileExists(path),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
  });
}

describe('an editor', () => {
  const names = [...DOCSTRINGS.keys()];
  const lines = [
    "import { RavenModule, type RavenClient } from 'nestjs-raven';",
    'declare const client: RavenClient;',
    ...names.map((name) => `client.options.${name};`),
    'RavenModule.forRoot({ sampleRate: 0.5 });',
    'client.options.sampleRate.toFixed();',
    'client.options.sampleRate = 1;',
  ];
  const text = lines.join('\n');

  it('shows the docstring of an option where it is read, and where it is given', () => {
    const service = editor(text);
    const shownAt = (position: number): string =>
      ts.displayPartsToString(service.getQuickInfoAtPosition(FILE, position)?.documentation);
    const shown = names.map((name) => [name, shownAt(text.indexOf(`.${name};`) + 1)]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(DOCSTRINGS));
    expect(shownAt(text.indexOf('sampleRate: 0.5'))).toBe(DOCSTRINGS.get('sampleRate'));
    expect(names).toContain('sampleRate');

    const faults = service.getSemanticDiagnostics(FILE).map(({ messageText }) => messageText);
    // An option with a default is never undefined, and none can be set.
    expect(faults).toEqual([expect.stringMatching(/'sampleRate' because it is a read-only property/)]);
  }, 120_000);
});
