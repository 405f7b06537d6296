/** The straight line nearest to points `[x, y]`: how much y grows from the first x to the last. */
export function growth(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  let products = 0;
  let squares = 0;
  for (const [x, y] of points) {
    products += (x - meanX) * (y - meanY);
    squares += (x - meanX) ** 2;
  }
  return squares === 0 ? 0 : (products / squares) * (points.at(-1)[0] - points[0][0]);
}
