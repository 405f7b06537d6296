import type { Circuit } from './circuit';
import type { ClientReports } from './client-reports';
import type { Delivery } from './delivery';
import type { DeliveryLog } from './delivery-log';
import { InFlight } from './in-flight';
import type { Sender } from './sender';
import type { SendResult } from './send-result';

/** What {@link Attempts} are made with. */
export interface AttemptsOptions {
  /** Must not throw. */
  sender: Sender;
  circuit: Circuit;
  log: DeliveryLog;
  /** Most at a time. */
  maxConcurrency: number;
  /** Of the copies that sending makes of all that is on its way. */
  maxCopiedBytes: number;
}

/** Attempts that are under way: how many may be, and what the server's answers say of its limits. */
export class Attempts {
  readonly #options: AttemptsOptions;
  readonly #inFlight = new InFlight();

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  /** Whether one more may begin now. While the server fails, one attempt finds out whether it is back. */
  get mayBegin(): boolean {
    const { circuit, maxConcurrency } = this.#options;
    return circuit.mayTry && this.#hasRoom(circuit.failures > 0 ? 1 : maxConcurrency);
  }

  /** The same whatever state the server is in. */
  get hasRoom(): boolean {
    return this.#hasRoom(this.#options.maxConcurrency);
  }

  /** Makes one, with what is to be reported. Never rejects. */
  async make(delivery: Delivery, reports?: ClientReports): Promise<SendResult> {
    this.#inFlight.add(delivery);
    const { headers, items } = delivery;
    const rider = reports?.rider();
    const result = await this.ask({ headers, items: rider ? [...items, rider.item] : items });
    rider?.settle(result);
    this.#inFlight.delete(delivery);
    return result;
  }

  /** Makes one that counts for nothing. Never rejects. */
  async ask(what: Pick<Delivery, 'headers' | 'items'>): Promise<SendResult> {
    const { sender, circuit, log } = this.#options;
    const result = await sender.send(what);
    if ('status' in result) log.limited(circuit.update(result));
    return result;
  }

  /** What is on its way is given up. @returns it */
  giveUp(): Delivery[] {
    return this.#inFlight.clear();
  }

  /** No more attempts are made. */
  close(): void {
    this.#options.sender.close();
  }

  #hasRoom(concurrency: number): boolean {
    if (this.#inFlight.size >= concurrency) return false;
    return this.#inFlight.size === 0 || this.#inFlight.copiedBytes < this.#options.maxCopiedBytes;
  }
}
