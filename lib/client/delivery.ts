import { runQuietly } from '../context/scope';
import { loadModules } from '../event/installed-modules';
import type { RavenEvent } from '../protocol/event';
import { errorText } from './error-text';
import type { BeforeSend, EventHint } from './hooks';
import { settledWithin } from './settled-within';
import { isThenable } from '../event/thenable';

/** What a delivery needs to know of its client. */
export interface DeliveryOptions {
  beforeSend: BeforeSend | undefined;
  /** Project root, where the app's packages are looked up; undefined leaves `modules` out. */
  modulesRoot: string | undefined;
  /** Called with what is lost, why, and a line for the log. */
  lost: (reason: 'before_send' | 'internal_sdk_error', message: string | undefined) => void;
}

/** Hands a finished event over. */
type Hand = (event: RavenEvent) => void;

/**
 * The last steps of an event, which may have to be waited for: package versions and `beforeSend`.
 *
 * Where nothing has to be waited for, the event is handed over when `deliver` returns.
 */
export class Delivery {
  private readonly underWay = new Set<Promise<void>>();
  private modules?: Record<string, string>;
  private modulesLoading?: Promise<void>;

  constructor(private readonly options: DeliveryOptions) {}

  deliver(event: RavenEvent, hint: EventHint, hand: Hand): void {
    if (this.options.modulesRoot !== undefined && !this.modules) {
      this.track(this.whenModulesAreKnown(this.options.modulesRoot).then(() => this.pass(event, hint, hand)));
      return;
    }
    const passing = this.pass(event, hint, hand);
    if (passing) this.track(passing);
  }

  /** Resolves within `timeoutMs` to whether nothing is under way any more; the process stays alive meanwhile. */
  settled(timeoutMs: number): Promise<boolean> {
    return settledWithin(this.underWay, timeoutMs);
  }

  private track(work: Promise<void>): void {
    const tracked: Promise<void> = work
      .catch((error: unknown) =>
        this.options.lost('internal_sdk_error', `an event was lost: ${errorText(error)}`),
      )
      .finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
  }

  private whenModulesAreKnown(root: string): Promise<void> {
    return (this.modulesLoading ??= loadModules(root).then((modules) => {
      this.modules = modules;
    }));
  }

  /** @returns a promise only where `beforeSend` is asynchronous */
  private pass(event: RavenEvent, hint: EventHint, hand: Hand): void | Promise<void> {
    if (this.modules && Object.keys(this.modules).length > 0) event.modules ??= this.modules;
    const { beforeSend } = this.options;
    if (!beforeSend) return hand(event);
    let answer: unknown;
    try {
      answer = runQuietly(() => beforeSend(event, hint));
    } catch (error) {
      return this.failed(error);
    }
    const afterwards = (kept: unknown): void => this.handKept(kept, event, hand);
    if (!isThenable(answer)) return afterwards(answer);
    return Promise.resolve(answer).then(afterwards, (error: unknown) => this.failed(error));
  }

  private handKept(kept: unknown, event: RavenEvent, hand: Hand): void {
    if (kept === null) return this.options.lost('before_send', undefined);
    if (kept !== undefined && typeof kept !== 'object') {
      return this.failed(new TypeError(`it returned a ${typeof kept}; expected an event or null`));
    }
    hand((kept as RavenEvent | undefined) ?? event);
  }

  private failed(error: unknown): void {
    this.options.lost('before_send', `beforeSend failed, its event is dropped: ${errorText(error)}`);
  }
}
