/** Pages may be light or dark: a plot brings its own paper. */
export const COLOURS = {
  ours: '#e0234e',
  oursLight: '#f2a0b1',
  bare: '#475569',
  other: '#b6c0ca',
  boot: '#2563eb',
  line: '#1f2937',
  grid: '#e5e7eb',
  paper: '#ffffff',
};

const FONT = 'sans-serif';

/** Vega-Lite's `config` of every plot. */
export const LOOK = {
  aria: false,
  background: COLOURS.paper,
  padding: 14,
  font: FONT,
  title: { fontSize: 14, subtitleFontSize: 11.5, anchor: 'start', subtitleColor: COLOURS.line, offset: 12 },
  axis: {
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    gridColor: COLOURS.grid,
    labelFlush: false,
  },
  header: { labelFontSize: 12, labelFontWeight: 'bold', titleFontSize: 12 },
  legend: { labelFontSize: 11.5, titleFontSize: 11.5, symbolSize: 300, labelLimit: 0, symbolStrokeWidth: 2 },
  view: { stroke: null },
};

/** What others are compared with, and what no reporter can be better than. */
const REFERENCES = new Set(['bare', 'floor', 'post-only']);

/** A subject of this package stands out. */
export function colourOf(subject) {
  if (subject === 'nestjs-raven') return COLOURS.ours;
  if (subject.startsWith('nestjs-raven')) return COLOURS.oursLight;
  return REFERENCES.has(subject) ? COLOURS.bare : COLOURS.other;
}
