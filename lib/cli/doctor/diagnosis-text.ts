import type { ToldFinding } from './told-finding';

const STATUS_WIDTH = 'warning'.length;

/** Findings for people. */
export function diagnosisLines(
  findings: readonly ToldFinding[],
  { ok, warnings, problems }: { ok: number; warnings: number; problems: number },
): string {
  const checkWidth = Math.max(...findings.map(({ check }) => check.length));
  const indent = ' '.repeat(STATUS_WIDTH + checkWidth + 4);
  const lines = findings.flatMap(({ status, check, message, advice, link }) => [
    `${status.padEnd(STATUS_WIDTH)}  ${check.padEnd(checkWidth)}  ${message}`,
    ...(advice === undefined ? [] : [`${indent}${advice}`, `${indent}${link}`]),
  ]);
  const counts = [
    `${ok} ok`,
    `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
    `${problems} ${problems === 1 ? 'problem' : 'problems'}`,
  ];
  return [...lines, '', counts.join(', '), ''].join('\n');
}
