/** Lets the process end before a timer fires. Where a test stands for a browser (jsdom), timers are numbers, and there is nothing to do. */
export function unrefTimer(timer: { unref?: () => unknown } | number): void {
  if (typeof timer === 'object') timer.unref?.();
}
