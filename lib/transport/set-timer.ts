import { unrefTimer } from './unref-timer';

/**
 * Runs a function once, later.
 *
 * @param keepAlive - whether the process may not end before; a transport wants that only while somebody waits for it
 * @returns cancels it
 */
export type SetTimer = (callback: () => void, delayMs: number, keepAlive?: boolean) => () => void;

/** Node's timers fire at once beyond this. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** The timer of Node. */
export const setTimer: SetTimer = (callback, delayMs, keepAlive = false) => {
  const timer = setTimeout(callback, Math.min(Math.max(0, delayMs || 0), LONGEST_DELAY_MS));
  if (!keepAlive) unrefTimer(timer);
  return () => clearTimeout(timer);
};
