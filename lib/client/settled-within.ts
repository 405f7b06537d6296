import { setTimer } from '../transport/set-timer';

/**
 * Waits for what is under way; the process stays alive meanwhile.
 *
 * @param underWay - promises that never reject
 * @returns whether all of them settled within `timeoutMs`
 */
export async function settledWithin(
  underWay: ReadonlySet<Promise<void>>,
  timeoutMs: number,
): Promise<boolean> {
  if (underWay.size === 0) return true;
  let cancel: (() => void) | undefined;
  const timeUp = new Promise<boolean>((resolve) => {
    cancel = setTimer(() => resolve(false), timeoutMs, true);
  });
  try {
    return await Promise.race([Promise.all(underWay).then(() => true), timeUp]);
  } finally {
    cancel?.();
  }
}
