/**
 * The names of what is running, innermost last; the top one names an event that has no `culprit`.
 * Source: raven-python's `TransactionStack`.
 */
export class TransactionStack {
  /** @param names - the names to begin with, outermost first */
  constructor(private readonly names: string[] = []) {}

  /** The innermost name, or `undefined` where nothing was pushed. */
  peek(): string | undefined {
    return this.names.at(-1);
  }

  /** Puts a name on top: it is running until it is taken off. */
  push(name: string): void {
    this.names.push(name);
  }

  /**
   * Takes a name off the stack.
   *
   * @param name - where given, everything above its innermost occurrence goes with it; a name that is
   *   not there leaves the stack as it is
   * @returns the name that was taken off
   */
  pop(name?: string): string | undefined {
    if (name === undefined) return this.names.pop();
    const position = this.names.lastIndexOf(name);
    if (position === -1) return undefined;
    this.names.length = position;
    return name;
  }

  /** Pushes `name` now and takes it off again when the returned handle is disposed of (`using`). */
  scope(name: string): Disposable {
    this.push(name);
    return { [Symbol.dispose]: () => void this.pop(name) };
  }

  /** A stack with the same names that goes its own way. */
  fork(): TransactionStack {
    return new TransactionStack([...this.names]);
  }
}
