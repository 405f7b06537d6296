/** How far a ratio may be under its floor. */
const SHARE_OF_FLOOR = 0.85;
const TRIES = 3;

/**
 * Compares ratios with their floors; what is under is measured again, and fails when it was under each time.
 *
 * @param floors - by key
 * @param measure - takes keys, returns `ratios` and `errors` by key
 * @param tell - told of every comparison
 * @returns the keys that failed
 */
export async function holdFloors(floors, measure, tell) {
  let left = Object.keys(floors);
  for (let tried = 1; tried <= TRIES && left.length > 0; tried++) {
    const { ratios, errors } = await measure(left);
    left = left.filter((key) => {
      const isHeld = !errors.has(key) && ratios.get(key) >= floors[key] * SHARE_OF_FLOOR;
      const seen = errors.get(key) ?? ratios.get(key)?.toFixed(3) ?? 'not measured';
      tell(`${isHeld ? 'ok' : `under, try ${tried} of ${TRIES}`}: ${key}: ${seen}, floor ${floors[key]}`);
      return !isHeld;
    });
  }
  return left;
}
