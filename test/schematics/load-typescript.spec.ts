import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTypeScript } from '../../lib/schematics/load-typescript';

let app: string;
beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), 'raven-typescript-'));
});
afterEach(() => rmSync(app, { recursive: true }));

function install(source: string): void {
  const folder = join(app, 'node_modules/typescript');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), source);
}

describe('TypeScript', () => {
  it("is the app's own", () => {
    install("exports.version = 'own'; exports.createSourceFile = () => undefined;");
    expect(loadTypeScript(app).version).toBe('own');
  });

  it.each([
    ['has none', undefined],
    ['has one without an API in JavaScript', "exports.version = '7';"],
    ['has one that does not load', 'throw new Error();'],
  ])('is another one where the app %s', (_, source) => {
    if (source !== undefined) install(source);
    expect(loadTypeScript(app).createSourceFile('a.ts', 'a;', 99).statements).toHaveLength(1);
  });
});
