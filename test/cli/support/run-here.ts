import { runCli } from '../../../lib/cli/run-cli';
import type { CliOptions, CliRun } from './built-cli';

/** Runs a command in this process: what it says is the same as in one of its own, and many of them take no time. */
export async function runHere(
  args: readonly string[],
  { folder = '/', env = {} }: CliOptions = {},
): Promise<CliRun> {
  let stdout = '';
  let stderr = '';
  const code = await runCli(args, {
    env: { ...env },
    folder,
    out: (text) => void (stdout += text),
    err: (text) => void (stderr += text),
  });
  return { code, stdout, stderr };
}
