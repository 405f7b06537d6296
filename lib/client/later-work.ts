/** How long it goes on in one turn of the event loop. */
const TURN_MS = 3;
/** What comes beyond is done at once: what waits holds its error and its request. */
const MAX_WAITING = 100;

/** Work that is put off until whoever caused it was served: a little of it in each turn of the event loop. */
export class LaterWork {
  private readonly waiting: (() => void)[] = [];
  private isDue = false;

  /** @param now - monotonic clock in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** How much waits. */
  get pending(): number {
    return this.waiting.length;
  }

  /** @param work - must not throw */
  add(work: () => void): void {
    if (this.waiting.length >= MAX_WAITING) return work();
    this.waiting.push(work);
    this.schedule();
  }

  /** Does now what waits. */
  finish(): void {
    for (let work = this.waiting.shift(); work; work = this.waiting.shift()) work();
  }

  private schedule(): void {
    if (this.isDue) return;
    this.isDue = true;
    setImmediate(() => {
      this.isDue = false;
      const endMs = this.now() + TURN_MS;
      while (this.waiting.length > 0 && this.now() < endMs) this.waiting.shift()?.();
      if (this.waiting.length > 0) this.schedule();
    });
  }
}
