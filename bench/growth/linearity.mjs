/** What a curve's last point may lie above the line through the others: noise, and what no line describes. */
export const ALLOWANCE = 0.3;

/**
 * The line through points by least squares of their relative errors, so that small costs count as much as large ones.
 * A cost that falls is taken as constant.
 *
 * @param points - `{ x, median }`
 */
export function lineThrough(points) {
  const weights = points.map(({ median }) => 1 / median ** 2);
  const sum = (of) => points.reduce((total, point, index) => total + weights[index] * of(point), 0);
  const [one, x, y] = [sum(() => 1), sum((point) => point.x), sum(({ median }) => median)];
  const [xx, xy] = [sum((point) => point.x ** 2), sum((point) => point.x * point.median)];
  const slope = Math.max(0, (one * xy - x * y) / (one * xx - x ** 2));
  return { slope, at: (position) => (y - slope * x) / one + slope * position };
}

/** How far the last point lies above the line through the others, prolonged: 1 is on it. */
function bendOf(points) {
  const last = points.at(-1);
  return last.median / lineThrough(points.slice(0, -1)).at(last.x);
}

/**
 * Whether costs grow no worse than linearly: the last point is not above the line through the others, prolonged, by
 * more than the allowance, and what bare Nest's own points rise above theirs.
 *
 * @param points - by ascending x, three or more
 * @param barePoints - of the same without this package, where that was measured
 * @returns `limit` is what the last point may be at most
 */
export function checkLinear(points, barePoints) {
  const bend = bendOf(points);
  const allowed = (1 + ALLOWANCE) * Math.max(1, barePoints ? bendOf(barePoints) : 1);
  return { limit: (points.at(-1).median / bend) * allowed, isLinear: bend <= allowed };
}
