/** Counts captures for which there was no room on the stack of calls, each error once. */
export class WithoutRoom {
  private readonly came = new WeakSet<object>();
  private count = 0;

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

  /** How many came since it was asked last. */
  take(): number {
    const { count } = this;
    this.count = 0;
    return count;
  }
}
