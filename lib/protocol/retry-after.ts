/** More than a day is granted to no server: one that asks for it is misconfigured, and would silence the process for good. */
export const LONGEST_RETRY_AFTER_S = 86_400;

const SECONDS = /^-?(?:\d+(?:\.\d*)?|\.\d+)$/;

/**
 * A number of seconds as servers write them, whole or decimal; rounded up, never below zero.
 *
 * @returns `undefined` where the text is no such number
 */
export function parseSeconds(text: string): number | undefined {
  const trimmed = text.trim();
  return SECONDS.test(trimmed) ? Math.max(0, Math.ceil(Number(trimmed))) : undefined;
}

/**
 * Reads `Retry-After`: seconds, or an HTTP date.
 *
 * @param nowMs - the wall clock in milliseconds, which a date is compared with
 * @returns seconds from now, whole, not negative; `undefined` where there is nothing to read
 */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseSeconds(text);
  if (seconds !== undefined) return seconds;
  // An HTTP date begins with the day's name; `Date.parse` alone would also read "5 apples".
  const dateMs = /^\s*(?:mon|tue|wed|thu|fri|sat|sun)/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, Math.ceil((dateMs - nowMs) / 1000));
}
