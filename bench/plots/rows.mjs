import { colourOf } from './look.mjs';

/**
 * Rows of a bar plot: all subjects with that figure, in the order of the results, which is the same in every plot.
 *
 * @param figure - `ratio`, `p99Ms` …: each `{ median, min, max }`
 * @param digits - after the point of what is written beside a bar
 */
export function toBars(results, scenario, figure, digits, unit = '') {
  return results.subjects.flatMap(({ name, label, figures }) => {
    const value = figures[scenario]?.[figure];
    if (!value) return [];
    const text = `${value.median.toFixed(digits)}${unit}`;
    return [{ subject: name, label, colour: colourOf(name), ...value, text, textAt: Math.max(0, value.max) }];
  });
}

/** What a plot says, for those who do not see it. */
export function told(rows) {
  return rows.map(({ label, text }) => `${label}: ${text}`).join('; ');
}

/** Labels of all rows of panels beside each other. */
export function labelsOf(panels) {
  return [...new Set(panels.flatMap(({ rows }) => rows.map(({ label }) => label)))];
}
