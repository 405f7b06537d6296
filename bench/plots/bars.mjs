import { COLOURS } from './look.mjs';

/** Height of a bar and the room below it, in pixels. */
const STEP = 21;
/** Keeps apart what is written and the lines under it. */
const HALO = { color: COLOURS.paper, stroke: COLOURS.paper, strokeWidth: 4 };

/**
 * Horizontal bars with what is between the least and the most of the rounds, and the median written beside them.
 *
 * @param rows - `label`, `colour`, `median`, `min`, `max`, and `text` to write at `textAt`
 * @param options - `title`, and `subtitle` unless it `isPanel`, one of several; `width`, `domain` and `ticks` of x;
 *   `rules`: `{ at, dash }`, vertical lines; `labels` of all rows of panels beside each other, of which the first `hasLabels`
 */
export function bars(
  rows,
  { title, subtitle, width, domain, ticks, rules = [], labels, isPanel = false, hasLabels = true },
) {
  const y = {
    field: 'label',
    type: 'nominal',
    sort: null,
    scale: { domain: labels ?? rows.map(({ label }) => label) },
    title: null,
    axis: hasLabels ? { ticks: false, domain: false, labelLimit: 0, labelPadding: 6 } : null,
  };
  const x = (field) => ({
    field,
    type: 'quantitative',
    title: null,
    scale: { domain, nice: false },
    axis: { tickCount: 5, domain: false, ...(ticks && { values: ticks }) },
  });
  return {
    title: isPanel ? { text: title, fontSize: 12.5, frame: 'group', offset: 8 } : { text: title, subtitle },
    width,
    height: { step: STEP },
    data: { values: rows },
    layer: [
      ...rules.map(({ at, dash }) => ({
        data: { values: [{ at }] },
        mark: { type: 'rule', color: COLOURS.line, strokeDash: dash },
        encoding: { x: x('at') },
      })),
      {
        mark: { type: 'bar', height: { band: 0.72 } },
        encoding: { y, x: x('median'), color: { field: 'colour', type: 'nominal', scale: null } },
      },
      {
        mark: { type: 'rule', color: COLOURS.line, strokeWidth: 1.4 },
        encoding: { y, x: x('min'), x2: { field: 'max' } },
      },
      ...[HALO, { color: COLOURS.line }].map((look) => ({
        mark: { type: 'text', align: 'left', dx: 6, fontSize: 11, ...look },
        encoding: { y, x: x('textAt'), text: { field: 'text' } },
      })),
    ],
  };
}

/** The end of an axis on which all rows and what is written beside them have room. */
export function endOf(rows, room = 1.25) {
  return Math.max(...rows.map(({ max }) => max)) * room || 1;
}
