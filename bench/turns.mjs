import { execFileSync } from 'node:child_process';
import { spread } from './harness/statistics.mjs';

/**
 * Runs each contender once a round, by turns, each time in a process of its own: what the machine does meanwhile
 * meets all of them.
 *
 * @param contenders - Node's arguments by the contender's name; the script prints one line of JSON with figures
 * @returns by contender, each figure's values, one a round
 */
export function byTurns(contenders, rounds) {
  const results = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of Object.entries(contenders)) {
      const output = execFileSync(process.execPath, args, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: 120_000,
      });
      const figures = JSON.parse(output.trim().split('\n').at(-1));
      const values = (results[name] ??= {});
      for (const [key, value] of Object.entries(figures)) (values[key] ??= []).push(value);
    }
  }
  return results;
}

/** How many times the second contender's values are the first one's, round by round. */
export function ratios(ours, theirs) {
  return theirs.map((value, round) => value / ours[round]);
}

/** Median, least and most as text: `1.25 (1.10–1.40)`. */
export function told(values, digits) {
  const { median, min, max } = spread(values);
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}
