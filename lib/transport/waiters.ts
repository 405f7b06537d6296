import type { SetTimer } from './set-timer';

/** Those who wait for something to be so. */
export class Waiters {
  readonly #setTimer: SetTimer;
  readonly #checks = new Set<() => void>();

  constructor(setTimer: SetTimer) {
    this.#setTimer = setTimer;
  }

  /** Resolves when it is so, or the time is up; the process stays alive meanwhile. */
  wait(isSo: () => boolean, timeoutMs: number): Promise<void> {
    if (isSo()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel();
        this.#checks.delete(check);
        resolve();
      };
      const check = (): void => {
        if (isSo()) finish();
      };
      const cancel = this.#setTimer(finish, timeoutMs, true);
      this.#checks.add(check);
    });
  }

  /** Something has changed. */
  check(): void {
    for (const check of this.#checks) check();
  }
}
