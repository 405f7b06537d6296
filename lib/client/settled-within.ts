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
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  try {
    return await Promise.race([Promise.all(underWay).then(() => true), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
