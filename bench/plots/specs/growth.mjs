import { COLOURS } from '../look.mjs';

/** By what a series is named for. */
const STYLES = [
  { is: 'throwing route', colour: COLOURS.ours, dash: [] },
  { is: 'throwing route, sendDefaultPii', colour: COLOURS.oursLight, dash: [] },
  { is: 'throwing route, bare', colour: COLOURS.ours, dash: [4, 3] },
  { is: 'ok route', colour: COLOURS.bare, dash: [] },
  { is: 'ok route, bare', colour: COLOURS.bare, dash: [4, 3] },
  { is: 'boot', colour: COLOURS.boot, dash: [] },
  { is: 'boot, bare', colour: COLOURS.boot, dash: [4, 3] },
];
/** Labels of logarithmic axes. */
const POWERS = [1, 2, 5].flatMap((digit) => [10, 100, 1000, 10_000].map((power) => digit * power));
const NAMES = STYLES.map(({ is }) => is);

/** How cost grows: a panel a curve. What a line may rise to at most to pass as linear stands at its end. */
export function growthPlot(curves) {
  if (curves.length === 0) return undefined;
  const title = 'How cost grows';
  const { nest, machine, rounds } = curves[0];
  const about = `NestJS ${nest}, Express, Node ${machine.node.slice(1)}, ${rounds} rounds, fresh processes`;
  return {
    name: 'growth',
    title,
    description: curves.map(told).join('. '),
    spec: {
      title: {
        text: title,
        subtitle: [
          about,
          'Dashed: bare Nest. Bars: least and most. Ticks at the end: the most that passes as linear',
        ],
      },
      columns: 2,
      bounds: 'flush',
      spacing: { row: 84, column: 74 },
      concat: curves.map(panel),
    },
  };
}

function panel({ title, x, y, series }) {
  const unit = y.unit === 'µs' && Math.min(...mediansOf(series)) > 10_000 ? 'ms' : y.unit;
  const scale = unit === 'ms' ? 1000 : 1;
  const values = series.flatMap(({ name, points }) =>
    points.map((point) => ({
      name,
      x: point.x,
      median: point.median / scale,
      min: point.min / scale,
      max: point.max / scale,
    })),
  );
  const limits = series.flatMap(({ name, points, limit }) =>
    limit === undefined ? [] : [{ name, x: points.at(-1).x, limit: limit / scale }],
  );
  const color = {
    field: 'name',
    type: 'nominal',
    title: null,
    scale: { domain: NAMES, range: STYLES.map(({ colour }) => colour) },
    legend: { orient: 'bottom', columns: 4, symbolType: 'stroke', offset: 34 },
  };
  const strokeDash = {
    field: 'name',
    type: 'nominal',
    title: null,
    scale: { domain: NAMES, range: STYLES.map(({ dash }) => dash) },
  };
  const atX = {
    field: 'x',
    type: 'quantitative',
    title: x.label,
    scale: x.isLog ? { type: 'log', nice: false } : { nice: false },
    axis: { values: x.values, grid: false, format: 'd' },
  };
  const atY = (field) => ({
    field,
    type: 'quantitative',
    title: `${y.label}, ${unit}`,
    scale: y.isLog ? { type: 'log' } : { domainMin: 0 },
    axis: { tickCount: 5, domain: false, format: ',~r', ...(y.isLog && { values: POWERS }) },
  });
  return {
    title: { text: title, fontSize: 12.5, frame: 'group', offset: 8 },
    width: 262,
    height: 190,
    layer: [
      {
        data: { values },
        mark: { type: 'line', point: { size: 22 }, strokeWidth: 2 },
        encoding: { x: atX, y: atY('median'), color, strokeDash },
      },
      {
        data: { values },
        mark: { type: 'rule', strokeWidth: 1.2 },
        encoding: { x: atX, y: atY('min'), y2: { field: 'max' }, color },
      },
      {
        data: { values: limits },
        mark: { type: 'tick', orient: 'horizontal', thickness: 2, size: 12 },
        encoding: { x: atX, y: atY('limit'), color },
      },
    ],
  };
}

function mediansOf(series) {
  return series.flatMap(({ points }) => points.map(({ median }) => median));
}

function told({ title, x, y, series }) {
  const lines = series.map(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    return `${name} from ${Math.round(first.median)} ${y.unit} at ${first.x} to ${Math.round(last.median)} at ${last.x}`;
  });
  return `${title}, ${y.label} by ${x.label}: ${lines.join('; ')}`;
}
