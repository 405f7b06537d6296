import { runQuietly } from '../context/scope';
import { loadModules } from '../event/installed-modules';
import type { RavenEvent } from '../protocol/event';
import type { DropReason } from '../transport/account';
import { errorText } from './error-text';
import type { BeforeSend, EventHint } from './hooks';
import { settledWithin } from './settled-within';
import { isThenable } from '../event/thenable';

/** What the last steps need to know of their client. */
export interface LastStepsOptions {
  beforeSend: BeforeSend | undefined;
  /** Project root, where the app's packages are looked up; undefined leaves `modules` out. */
  modulesRoot: string | undefined;
  /** Whether events wait until package versions are known; else the first ones go without. */
  waitsForModules: boolean;
  /** How many events, and how many bytes of them, may be waited for. */
  limits: { maxLength: number; maxBytes: number };
  /** Called with what is lost, why, and a line for the log. */
  lost: (reason: DropReason, message: string | undefined) => void;
}

/** Hands a finished event over. */
type Hand = (event: RavenEvent) => void;
/** The event that is to be sent; undefined where it is lost, which is counted. */
type Passed = RavenEvent | undefined;

/** An event that is waited for. */
interface Waiting {
  bytes: number;
  settled: Promise<void>;
  /** Takes the steps that need not be waited for. */
  atOnce?: () => void;
}

/**
 * The last steps of an event, which may have to be waited for: package versions and `beforeSend`.
 *
 * Where nothing has to be waited for, the event is handed over when `take` returns.
 */
export class LastSteps {
  private readonly waiting = new Set<Waiting>();
  private bytes = 0;
  private isOverflowTold = false;
  private modules?: Record<string, string>;
  private modulesLoading?: Promise<void>;

  constructor(private readonly options: LastStepsOptions) {
    const { modulesRoot, waitsForModules } = options;
    if (modulesRoot !== undefined && !waitsForModules) void this.whenModulesAreKnown(modulesRoot);
  }

  /** How many events are waited for. */
  get pending(): number {
    return this.waiting.size;
  }

  take(event: RavenEvent, hint: EventHint, hand: Hand): void {
    const { modulesRoot, waitsForModules } = this.options;
    if (modulesRoot !== undefined && waitsForModules && !this.modules) {
      const loading = this.whenModulesAreKnown(modulesRoot);
      this.wait(
        event,
        hand,
        // What is given up meanwhile is no business of `beforeSend` any more.
        (waiting) => loading.then(() => (this.waiting.has(waiting) ? this.pass(event, hint) : undefined)),
        () => {
          const passed = this.pass(event, hint);
          if (passed instanceof Promise) this.late();
          else if (passed) hand(passed);
        },
      );
      return;
    }
    const passed = this.pass(event, hint);
    if (passed instanceof Promise) this.wait(event, hand, () => passed);
    else if (passed) hand(passed);
  }

  /** Resolves within `timeoutMs` to whether nothing is waited for any more; the process stays alive meanwhile. */
  settled(timeoutMs: number): Promise<boolean> {
    return settledWithin(new Set([...this.waiting].map(({ settled }) => settled)), timeoutMs);
  }

  /** Waits no longer: goes without package versions where only those are waited for; else the event is lost. */
  finishNow(): void {
    for (const waiting of this.waiting) {
      this.end(waiting);
      if (waiting.atOnce) waiting.atOnce();
      else this.late();
    }
  }

  private wait(
    event: RavenEvent,
    hand: Hand,
    begin: (waiting: Waiting) => Promise<Passed>,
    atOnce?: () => void,
  ): void {
    const bytes = Buffer.byteLength(JSON.stringify(event));
    const { maxLength, maxBytes } = this.options.limits;
    const hasRoom = this.waiting.size < maxLength && this.bytes + bytes <= maxBytes;
    const waiting: Waiting = { bytes, settled: Promise.resolve(), ...(atOnce && { atOnce }) };
    const passing = begin(waiting);
    if (!hasRoom) {
      void passing.catch(() => undefined);
      this.overflowed();
      return;
    }
    waiting.settled = passing.then(
      (passed) => {
        if (this.end(waiting) && passed) hand(passed);
      },
      (error: unknown) => {
        if (this.end(waiting)) {
          this.options.lost('internal_sdk_error', `an event was lost: ${errorText(error)}`);
        }
      },
    );
    this.bytes += bytes;
    this.waiting.add(waiting);
  }

  /** @returns false where it was given up */
  private end(waiting: Waiting): boolean {
    if (!this.waiting.delete(waiting)) return false;
    this.bytes -= waiting.bytes;
    if (this.waiting.size === 0) this.isOverflowTold = false;
    return true;
  }

  private whenModulesAreKnown(root: string): Promise<void> {
    return (this.modulesLoading ??= loadModules(root).then((modules) => {
      this.modules = modules;
    }));
  }

  /** @returns a promise only where `beforeSend` is asynchronous */
  private pass(event: RavenEvent, hint: EventHint): Passed | Promise<Passed> {
    if (this.modules && Object.keys(this.modules).length > 0) event.modules ??= this.modules;
    const { beforeSend } = this.options;
    if (!beforeSend) return event;
    let answer: unknown;
    try {
      answer = runQuietly(() => beforeSend(event, hint));
    } catch (error) {
      return this.failed(error);
    }
    if (!isThenable(answer)) return this.kept(answer, event);
    return Promise.resolve(answer).then(
      (kept) => this.kept(kept, event),
      (error: unknown) => this.failed(error),
    );
  }

  private kept(kept: unknown, event: RavenEvent): Passed {
    if (kept === null) {
      this.options.lost('before_send', undefined);
      return undefined;
    }
    if (kept !== undefined && typeof kept !== 'object') {
      return this.failed(new TypeError(`it returned a ${typeof kept}; expected an event or null`));
    }
    return (kept as RavenEvent | undefined) ?? event;
  }

  private overflowed(): void {
    const message =
      'more events wait for beforeSend or for package versions than maxQueueLength and maxQueueBytes allow; they are dropped from now on';
    this.options.lost('queue_overflow', this.isOverflowTold ? undefined : message);
    this.isOverflowTold = true;
  }

  private late(): void {
    this.options.lost('before_send', 'beforeSend did not end in time, its event is dropped');
  }

  private failed(error: unknown): undefined {
    this.options.lost('before_send', `beforeSend failed, its event is dropped: ${errorText(error)}`);
  }
}
