#!/usr/bin/env node
import { runCli } from './run-cli';

const surroundings = {
  env: process.env,
  folder: process.cwd(),
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
};

// Whoever reads may have read enough: `nestjs-raven doctor | head -1`.
process.stdout.on('error', () => undefined);

void runCli(process.argv.slice(2), surroundings).then((code) => {
  // Whoever reads has all of it by then; a name that is still looked up must not hold up the end.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
});
