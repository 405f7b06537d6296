import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CliSurroundings } from '../cli-surroundings';
import { docsLink } from '../docs-link';
import { EXIT_CODE } from '../exit-code';
import { UsageError } from '../usage-error';
import { readApp } from './app';
import { CHECKS } from './checks';
import { diagnosisLines } from './diagnosis-text';
import type { FindingStatus } from './finding';
import type { ToldFinding } from './told-finding';

/** What the command `doctor` is given. */
export interface DoctorArguments {
  dotenv?: string;
  json?: boolean;
}

/**
 * Looks an app over and says what it found. It starts nothing of the app's, changes nothing, and asks nobody but
 * Spotlight, where that is switched on.
 *
 * @param folder - the app's; default the one it was called in
 * @returns the exit code: warnings alone are no problem
 * @throws UsageError (rejects) where there is no such folder
 */
export async function doctor(
  folder: string | undefined,
  { json }: DoctorArguments,
  { env, folder: current, out }: CliSurroundings,
): Promise<number> {
  const app = readApp(existingFolder(resolve(current, folder ?? '.')), env);
  const findings: ToldFinding[] = [];
  for (const [check, look] of CHECKS) {
    const link = docsLink(current, check);
    for (const finding of await look(app)) findings.push({ check, ...finding, link });
  }
  const count = (status: FindingStatus): number =>
    findings.filter((finding) => finding.status === status).length;
  const counts = { ok: count('ok'), warnings: count('warning'), problems: count('problem') };
  out(json ? `${JSON.stringify({ ...counts, findings }, null, 2)}\n` : diagnosisLines(findings, counts));
  return counts.problems > 0 ? EXIT_CODE.problem : EXIT_CODE.fine;
}

function existingFolder(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError('there is no such folder; expected that of an app, such as apps/orders');
  }
  return realpathSync(path);
}
