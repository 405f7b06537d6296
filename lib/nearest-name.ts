/** Beyond, nobody has mistyped one of our names. */
const MOST_LETTERS = 40;

/**
 * The name that was probably meant: the same but for its case and for dashes, else the one that fewest letters, left
 * out, added, changed or swapped, make of it. Undefined where more than a quarter of them would have to.
 */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  if (given.length > MOST_LETTERS) return undefined;
  const plain = (name: string): string => name.replaceAll(/[_-]/g, '').toLowerCase();
  const mostSteps = Math.max(1, Math.floor(given.length / 4));
  const [nearest] = names
    .map((name) => ({ name, steps: stepsBetween(plain(given), plain(name)) }))
    .filter(({ steps }) => steps <= mostSteps)
    .sort((one, other) => one.steps - other.steps);
  return nearest?.name;
}

/** The optimal string alignment distance. */
function stepsBetween(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row];
    for (let at = 1; at <= to.length; at += 1) {
      const isSame = from[row - 1] === to[at - 1];
      let steps = Math.min(last[at] + 1, next[at - 1] + 1, last[at - 1] + (isSame ? 0 : 1));
      const isSwapped = row > 1 && at > 1 && from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1];
      if (isSwapped) steps = Math.min(steps, before[at - 2] + 1);
      next.push(steps);
    }
    before = last;
    last = next;
  }
  return last[to.length];
}
