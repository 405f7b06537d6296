import type { Account } from './account';
import type { Circuit } from './circuit';
import type { Delivery } from './delivery';
import type { DeliveryLog } from './delivery-log';
import type { RetryPolicy, Verdict } from './retry-policy';
import { withoutAttachments } from './without-attachments';
import { reasonOf, type SendResult } from './send-result';

/** What {@link Conclusions} are drawn with. */
export interface ConclusionsOptions {
  policy: RetryPolicy;
  account: Account;
  circuit: Circuit;
  log: DeliveryLog;
  /** Milliseconds since the epoch. */
  wallClock: () => number;
}

/** Draws from the result of an attempt what becomes of the delivery, counts it, and tells how the server does. */
export class Conclusions {
  readonly #options: ConclusionsOptions;

  constructor(options: ConclusionsOptions) {
    this.#options = options;
  }

  /**
   * @param failuresBefore - how many failures the circuit knew when the attempt began
   * @returns whether it has to be sent again; else it is delivered or lost
   */
  draw(delivery: Delivery, result: SendResult, failuresBefore: number): boolean {
    const { account, log } = this.#options;
    if (this.#shed(delivery, result)) return true;
    const verdict = this.#judge(result, delivery);
    this.#noteHealth(result, verdict, failuresBefore);
    if (verdict.kind === 'delivered') {
      account.sent(delivery.quantity, delivery.origin);
      return false;
    }
    if (verdict.kind === 'discard') {
      account.dropped(verdict.reason, delivery.items, delivery.origin);
      if ('status' in result) log.refused(result);
      else log.lost(result.networkError);
      return false;
    }
    delivery.attempts += 1;
    account.retried(delivery.quantity);
    return true;
  }

  /** What is too large may fit without its attachments: that is another request, and the event is worth it. */
  #shed(delivery: Delivery, result: SendResult): boolean {
    const split =
      'status' in result && result.status === 413 ? withoutAttachments(delivery.items) : undefined;
    if (!split) return false;
    const { account, circuit, log } = this.#options;
    account.failed(reasonOf(result));
    circuit.reached();
    log.reached();
    log.attachmentsRefused();
    account.dropped('send_error', split.attachments, delivery.origin);
    account.retried(delivery.quantity);
    delivery.attempts += 1;
    delivery.items = split.kept;
    return true;
  }

  /** A policy of the user's that throws or says nothing loses its delivery; the others go on. */
  #judge(result: SendResult, delivery: Delivery): Verdict {
    try {
      const verdict: Verdict | undefined = this.#options.policy.judge(
        result,
        delivery,
        this.#options.wallClock(),
      );
      if (typeof verdict === 'object' && verdict !== null) return verdict;
    } catch {
      // As below.
    }
    return { kind: 'discard', reason: 'internal_sdk_error' };
  }

  #noteHealth(result: SendResult, verdict: Verdict, failuresBefore: number): void {
    const { account, circuit, log } = this.#options;
    if (verdict.kind !== 'delivered') account.failed(reasonOf(result));
    if (verdict.kind === 'pause' || ('networkError' in result && verdict.kind === 'discard')) {
      circuit.failed(failuresBefore, verdict.kind === 'pause' ? verdict.retryAfterS : undefined);
      log.paused(reasonOf(result), circuit.delayMs());
    } else if ('status' in result) {
      circuit.reached();
      log.reached();
    }
  }
}
