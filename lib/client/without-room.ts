import type { Account } from '../transport/account';

/** Counts captures for which there was no room on the stack of calls, each error once. */
export class WithoutRoom {
  private readonly came = new WeakSet<object>();
  private count = 0;

  /** @param account - where they are counted once there is room for that */
  constructor(private readonly account: Account) {}

  /** Calls no more than it must, as each call may be the one too many. An error is passed on by many callers there. */
  note(given: object): void {
    try {
      const error = (given as { exception: object }).exception;
      if (this.came.has(error)) return;
      this.came.add(error);
    } catch {
      // It is no object, or there is not even room for this.
    }
    this.count += 1;
  }

  /** There is room again: counts those that came since as lost. */
  settle(): void {
    for (; this.count > 0; this.count--) {
      this.account.captured();
      this.account.droppedEvent('internal_sdk_error');
    }
  }
}
