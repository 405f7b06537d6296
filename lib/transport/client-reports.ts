import type { ClientReport, Discards } from '../protocol/discards';
import { encodeItem, type EncodedItem } from '../protocol/envelope';
import type { Circuit } from './circuit';
import type { SendResult } from './send-result';
import type { SetTimer } from './set-timer';

/** What {@link ClientReports} are made of. */
export interface ClientReportsOptions {
  discards: Discards;
  circuit: Pick<Circuit, 'isLimited' | 'state'>;
  /** Sends a report alone. */
  send: (item: EncodedItem) => Promise<SendResult>;
  /** How long a report waits for something to go along with, in milliseconds. */
  everyMs: number;
  setTimer: SetTimer;
  /** Milliseconds since the epoch. */
  wallClock: () => number;
}

/** A client report on its way, and what to do once it is known whether it arrived. */
export interface Rider {
  item: EncodedItem;
  settle(result: SendResult): void;
}

/**
 * Tells the server what was lost: along with something else, or alone where nothing else is sent for a while.
 *
 * A report that surely did not arrive is put back; one that may have arrived is not sent again, as the server would
 * count it twice. Source: Sentry's specification of client reports.
 */
export class ClientReports {
  readonly #options: ClientReportsOptions;
  #cancel?: () => void;
  #isEnded = false;

  constructor(options: ClientReportsOptions) {
    this.#options = options;
    options.discards.onFirst(() => this.#plan());
  }

  /** What is to go along with something that is being sent; `undefined` where nothing was lost. */
  rider(): Rider | undefined {
    const { circuit, discards, wallClock } = this.#options;
    if (circuit.isLimited('internal')) return undefined;
    const report = discards.take(wallClock() / 1000);
    const item = report && encodeItem({ headers: { type: 'client_report' }, payload: { ...report } });
    if (!item) return undefined;
    this.#cancel?.();
    this.#cancel = undefined;
    return {
      item,
      settle: (result) => {
        if (!mayHaveArrived(result)) putBack(discards, report);
      },
    };
  }

  /** Sends what there is. Never rejects. */
  async send(): Promise<void> {
    if (this.#isEnded) return;
    const rider = this.#options.circuit.state === 'offline' ? undefined : this.rider();
    if (rider) rider.settle(await this.#options.send(rider.item));
    else this.#plan();
  }

  /** Sends what there is, for as long as that may take; the process stays alive meanwhile. */
  async sendWithin(timeoutMs: number): Promise<void> {
    if (!(timeoutMs > 0)) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.setTimer(resolve, timeoutMs, true);
      void this.send().then(() => {
        cancel();
        resolve();
      });
    });
  }

  end(): void {
    this.#isEnded = true;
    this.#cancel?.();
  }

  #plan(): void {
    if (this.#isEnded || this.#options.discards.isEmpty) return;
    this.#cancel ??= this.#options.setTimer(() => {
      this.#cancel = undefined;
      void this.send();
    }, this.#options.everyMs);
  }
}

function mayHaveArrived(result: SendResult): boolean {
  return 'status' in result ? result.status >= 200 && result.status < 300 : !result.isUnsent;
}

function putBack(discards: Discards, report: ClientReport): void {
  for (const { reason, category, quantity } of report.discarded_events) {
    discards.record(reason, category, quantity);
  }
}
