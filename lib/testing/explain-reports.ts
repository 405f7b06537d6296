import { differencesOf, textsOf, typeOf } from './differences';
import type { ExpectedReport, WantedReport } from './expected-report';
import type { RecordedReport } from './recorded-report';
import { shown } from './shown';

/** More would hide what matters. */
const MAX_REPORTS = 5;

/** What was wanted, for the beginning of a message. */
export function describeWanted(wanted: WantedReport | undefined): string {
  if (wanted === undefined) return 'a report';
  if (typeof wanted === 'function') return 'a report that the function takes';
  const fields = Object.entries(wanted).map(([field, value]) => `${field}: ${shown(value)}`);
  return fields.length === 0 ? 'a report' : `a report of { ${fields.join(', ')} }`;
}

/** One line for what was reported. */
export function describeReport({ client, event }: RecordedReport): string {
  const { level, transaction, user, tags } = event;
  return [
    `${typeOf(event) ?? 'message'} ${shown(textsOf(event)[0] ?? '')}`,
    `level ${level}`,
    ...(transaction === undefined ? [] : [`transaction ${shown(transaction)}`]),
    ...(user === undefined ? [] : [`user ${shown(user)}`]),
    ...(Object.keys(tags ?? {}).length === 0 ? [] : [`tags ${shown(tags)}`]),
    ...(client === undefined ? [] : [`client ${shown(client)}`]),
  ].join(', ');
}

/** What was reported, the nearest to what was wanted first, and what it differs in. */
export function explainReports(reports: readonly RecordedReport[], wanted?: WantedReport): string[] {
  const expected: ExpectedReport = typeof wanted === 'object' ? wanted : {};
  const nearest = reports
    .map((report) => ({ report, differences: differencesOf(report, expected) }))
    .sort((one, other) => one.differences.length - other.differences.length);
  const lines = nearest
    .slice(0, MAX_REPORTS)
    .flatMap(({ report, differences }) => [
      `  - ${describeReport(report)}`,
      ...differences.map((line) => `      ${line}`),
    ]);
  const more = nearest.length - MAX_REPORTS;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}
