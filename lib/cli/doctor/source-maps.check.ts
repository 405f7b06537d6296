import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Diagnostic } from 'typescript';
import type { App } from './app';
import type { TypeScript } from './app-typescript';
import { filesBelow } from './files-below';
import { ok, warning, type Finding } from './finding';
import { readSmallFile } from '../../event/read-small-file';

const NONE: ReadonlySet<string> = new Set(['node_modules']);
/** TypeScript's codes for what `extends` names and nobody finds. */
const NOT_READ: ReadonlySet<number> = new Set([5083, 6053]);
const ADVICE =
  'Set "sourceMap": true in the compilerOptions, build again, and ship the .map files beside the code.';

/** What the app's tsconfig says of what it writes. */
interface Output {
  /** Relative to the app's folder. */
  config: string;
  /** Absolute. */
  outDir?: string;
  hasMaps: boolean;
  /** What of it cannot be read. */
  failure?: string;
}

/** Whether frames can be shown as the TypeScript they were made of. */
export function checkSourceMaps({ folder, project, typescript }: App): Finding[] {
  const output =
    typescript && project.tsConfig ? readOutput(typescript, project.tsConfig, folder) : undefined;
  const dist = output?.outDir ?? join(folder, 'dist');
  const name = relative(folder, dist) || '.';
  const code = filesBelow(dist, NONE).filter((path) => /\.[mc]?js$/.test(path));
  const without = code.filter((path) => !hasMap(join(dist, path)));
  if (code.length > 0 && without.length === 0) {
    return [ok(`all ${code.length} files of code in ${name} have source maps`)];
  }
  if (code.length > 0) {
    const examples = without.slice(0, 3).map((path) => join(name, path));
    return [
      warning(
        `${without.length} of ${code.length} files of code in ${name} have no source map, such as ${examples.join(', ')}: their frames show compiled code`,
        ADVICE,
      ),
    ];
  }
  if (!output)
    return [
      warning(
        `there is nothing in ${name}, and no tsconfig.json that can be read`,
        'Build the app, then ask again.',
      ),
    ];
  if (output.failure !== undefined) {
    return [warning(`${output.config} cannot be read: ${output.failure}`, 'Mend it, then ask again.')];
  }
  if (output.hasMaps)
    return [ok(`${output.config} has source maps written; nothing is built in ${name} yet`)];
  return [warning(`${output.config} has no source maps written: frames will show compiled code`, ADVICE)];
}

function readOutput(ts: TypeScript, path: string, folder: string): Output {
  const read = ts.readConfigFile(path, (name) => ts.sys.readFile(name)) as {
    config?: unknown;
    error?: Diagnostic;
  };
  const { options, errors } = ts.parseJsonConfigFileContent(
    read.config ?? {},
    ts.sys,
    dirname(path),
    undefined,
    path,
  );
  const failure = read.error ?? errors.find(({ code }) => NOT_READ.has(code));
  return {
    config: relative(folder, path),
    ...(options.outDir !== undefined && { outDir: options.outDir }),
    hasMaps: options.sourceMap === true || options.inlineSourceMap === true,
    ...(failure && { failure: ts.flattenDiagnosticMessageText(failure.messageText, ' ') }),
  };
}

function hasMap(path: string): boolean {
  return existsSync(`${path}.map`) || /\/\/[#@] sourceMappingURL=data:/.test(readSmallFile(path) ?? '');
}
