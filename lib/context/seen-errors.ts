import { safeString } from '../event/safe-read';
import { runQuietly } from './scope';

/** How long an error is known by its stack's text, too. */
const KNOWN_BY_TEXT_MS = 10_000;
const MAX_RECENT = 32;
/** Longer texts that were thrown are not kept. */
const MAX_TEXT_LENGTH = 1024;

/**
 * Errors that were seen, by identity; the last 32 of the last ten seconds also by the text of their stack, since
 * loggers are often given no more than that. None is kept alive by it.
 */
export class SeenErrors {
  private readonly objects = new WeakSet();
  private recent: { value: unknown; atMs: number }[] = [];

  /** @param now - milliseconds since the epoch */
  constructor(private readonly now: () => number = Date.now) {}

  add(error: unknown): void {
    if (typeof error === 'object' && error !== null) {
      if (this.objects.has(error)) return;
      this.objects.add(error);
      this.remember(new WeakRef(error));
    } else if (typeof error !== 'string' || error.length <= MAX_TEXT_LENGTH) {
      this.remember(error);
    }
  }

  /** Whether it was seen; a primitive, which has no identity, lately. */
  has(error: unknown): boolean {
    if (typeof error === 'object' && error !== null) return this.objects.has(error);
    return this.lately().some((value) => Object.is(value, error));
  }

  /** The error with this very stack, where one was seen lately. */
  ofStack(stack: string): object | undefined {
    // Reading a stack may run the app's code: a getter, `Error.prepareStackTrace`.
    return runQuietly(() =>
      this.lately()
        .map((value) => (value instanceof WeakRef ? (value.deref() as object | undefined) : undefined))
        .find((error) => safeString(error, 'stack') === stack),
    );
  }

  private remember(value: unknown): void {
    if (this.recent.length >= MAX_RECENT) this.recent.shift();
    this.recent.push({ value, atMs: this.now() });
  }

  private lately(): unknown[] {
    const sinceMs = this.now() - KNOWN_BY_TEXT_MS;
    this.recent = this.recent.filter(({ atMs }) => atMs >= sinceMs);
    return this.recent.map(({ value }) => value);
  }
}
