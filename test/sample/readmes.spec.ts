import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSamples, ROOT } from './support/samples';

describe('the README of a sample', async () => {
  const { sampleNames, readSample, shellLine } = await loadSamples();

  it.each(sampleNames)(
    '%s has the one command that starts it, and the lines that this shows',
    async (name) => {
      const { portCount, steps } = await readSample(name);
      const ports = Array.from({ length: portCount }, (_, index) => 3000 + index);
      const readme = readFileSync(join(ROOT, 'sample', name, 'README.md'), 'utf8');
      expect(readme.split('\n')[0]).toBe(`# ${name}`);
      expect(readme).toContain(`npm ci && npm start -- ${name}\n`);
      const shown = steps.filter(({ isShown }) => isShown);
      expect(readme.split('\n').filter((line) => /^(curl|node) /.test(line))).toEqual(
        shown.map((step) => shellLine({ name, ports }, step)),
      );
    },
  );
});
