import { spread } from '../harness/statistics.mjs';
import { checkLinear } from './linearity.mjs';
import { startApp } from './measured-app.mjs';

/** V8 has compiled most by then. */
const WARM_UP_REQUESTS = 400;

/**
 * Measures a curve: each series at each x, by turns, each round in fresh processes.
 *
 * A series of this package that looks worse than linear is measured once more, with twice the rounds: what a busy
 * machine adds to one point is no growth.
 *
 * @param curve - see curves/
 * @param options - `rounds`; `surroundings`; `share` of the requests that are made, for a quick look
 * @returns the curve with `points` (`x`, `median`, `min`, `max`) of each series and, but for bare Nest's, `isLinear`
 *   and the `limit` of the last point
 */
export async function measureCurve(curve, { rounds, surroundings, share }) {
  const measured = new Map(curve.series.map((series) => [series, []]));
  for (let round = 0; round < rounds; round++)
    for (const [series, costs] of measured)
      costs.push(await measureRound(curve, series, { round, surroundings, share }));
  for (const [series, costs] of measured) {
    if (isLinear(curve, series, measured)) continue;
    costs.length = 0;
    for (let round = 0; round < rounds * 2; round++)
      costs.push(await measureRound(curve, series, { round, surroundings, share }));
  }
  const { name, title, x, y } = curve;
  const series = curve.series.map((one) => ({
    ...one,
    points: pointsOf(curve, measured.get(one)),
    ...judgement(curve, one, measured),
  }));
  return { name, title, x, y, series };
}

function pointsOf(curve, costs) {
  return curve.x.values.map((x) => ({ x, ...spread(costs.map((round) => round.get(x))) }));
}

function isLinear(curve, series, measured) {
  return judgement(curve, series, measured).isLinear ?? true;
}

/** Bare Nest's series are not judged but compared with. */
function judgement(curve, series, measured) {
  if (series.isBare) return {};
  const bare = curve.series.find(
    ({ isBare, fails, isBoot }) => isBare && fails === series.fails && isBoot === series.isBoot,
  );
  return checkLinear(pointsOf(curve, measured.get(series)), bare && pointsOf(curve, measured.get(bare)));
}

/** The cost at each x. One process measures them all, unless x is something of the app itself. */
async function measureRound(curve, series, { round, surroundings, share }) {
  const { values } = curve.x;
  const groups = curve.isAppByX ? values.map((x) => [x]) : [values];
  const costs = new Map();
  for (const group of groups) {
    const app = await startApp(
      { raven: !series.isBare, ...curve.app?.(group[0]), ...series.app },
      surroundings,
    );
    try {
      for (const [x, cost] of await costsIn(app, group, { curve, series, round, share })) costs.set(x, cost);
    } finally {
      await app.stop();
    }
  }
  return costs;
}

async function costsIn(app, values, { curve, series, round, share }) {
  if (series.isBoot) return values.map((x) => [x, app.bootCpuUs]);
  const work = (x, part) => {
    const { requests, ...point } = curve.point(x);
    return { ...point, fails: series.fails, requests: Math.ceil(requests * part) };
  };
  const middle = values[Math.floor(values.length / 2)];
  await app.cost({ ...work(middle, 1), requests: Math.ceil(WARM_UP_REQUESTS * share) });
  const costs = [];
  // Up and down by turns, so that no x has always the warmest code.
  for (const x of round % 2 ? values.toReversed() : values) {
    await app.cost(work(x, share / 5));
    costs.push([x, await app.cost(work(x, share))]);
  }
  return costs;
}
