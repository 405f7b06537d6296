/** Whether so many milliseconds have passed since then, by a clock that may be set back: that counts as passed too. */
export function hasPassed(durationMs: number, sinceMs: number, nowMs: number): boolean {
  return nowMs < sinceMs || nowMs - sinceMs >= durationMs;
}
