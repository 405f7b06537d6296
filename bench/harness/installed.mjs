import { appKey } from './prepare-all.mjs';
import { BARE, isOurs } from './subjects.mjs';

/** How much an app may grow by this package. */
const GOALS = { packages: 35, megabytes: 7 };

/**
 * What subjects add to an app of bare Nest: packages, also nested ones, and megabytes of files.
 *
 * @param apps - see prepare-all.mjs
 * @returns a row for each subject and major of Nest
 */
export function installedBeside(units, apps) {
  const rows = new Map();
  for (const { nest, subjects } of units) {
    const bare = apps.get(appKey(BARE, nest));
    for (const subject of subjects) {
      const key = appKey(subject.name, nest);
      const app = apps.get(key);
      if (!bare || !app || rows.has(key) || Object.keys(subject.dependencies).length === 0) continue;
      const packages = app.packages.length - bare.packages.length;
      const megabytes = (app.bytes - bare.bytes) / 1e6;
      const isMet = packages <= GOALS.packages && megabytes <= GOALS.megabytes;
      rows.set(key, {
        subject: subject.name,
        nest,
        packages,
        megabytes,
        ...(isOurs(subject) && { goal: GOALS, isMet }),
      });
    }
  }
  return [...rows.values()];
}

/** @param rows - see {@link installedBeside} */
export function installedTable(rows) {
  const lines = rows.map(({ subject, nest, packages, megabytes, goal, isMet }) => {
    const remark = goal && `, goal ${goal.packages} and ${goal.megabytes} MB ${isMet ? 'met' : 'MISSED'}`;
    return `| ${subject} | ${nest} | ${packages}${remark ?? ''} | ${megabytes.toFixed(1)} |`;
  });
  return [
    '### What is added to an app',
    '',
    '| | NestJS | packages | MB |',
    '| --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}
