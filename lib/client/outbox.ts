import { runQuietly } from '../context/scope';
import { parseDsn, publicDsn, type Dsn } from '../protocol/dsn';
import type { Envelope } from '../protocol/envelope';
import type { RavenEvent } from '../protocol/event';
import { SDK } from '../protocol/sdk';
import { dynamicSamplingContext, type PropagationContext } from '../protocol/trace';
import type { ResolvedOptions } from '../raven.options';
import { HttpTransport } from '../transport/http.transport';
import type { ClientEnvironment } from './client-environment';
import { createTransports, type Transports } from './create-transport';
import { wireEvent } from './wire-event';

/** Where finished events leave: puts them into envelopes and hands those to the transports. */
export class Outbox {
  readonly dsn: Dsn | undefined;
  private readonly transports: Transports;
  private isClosed = false;
  /** With `raiseSendErrors`: deliveries under way, and what went wrong with those before. */
  private readonly deliveries = new Set<Promise<void>>();
  private firstError?: { error: unknown };

  constructor(
    private readonly options: ResolvedOptions,
    environment: ClientEnvironment,
  ) {
    this.dsn = options.enabled && options.dsn?.trim() ? parseDsn(options.dsn) : undefined;
    this.transports = options.enabled
      ? createTransports(options, this.dsn, environment)
      : { main: undefined, spotlight: undefined };
  }

  /** Whether there is anywhere to send to. */
  get isOpen(): boolean {
    return !this.isClosed && (this.transports.main ?? this.transports.spotlight) !== undefined;
  }

  get hasSpotlight(): boolean {
    return this.transports.spotlight !== undefined;
  }

  publicDsn(scheme: string | undefined): string | null {
    return this.dsn ? publicDsn(this.dsn, scheme) : null;
  }

  /**
   * Hands an event over; serializing and sending go on in the background.
   *
   * @param trace - the trace it belongs to
   * @returns a promise only with `raiseSendErrors`: it settles as the delivery does
   */
  send(
    event: RavenEvent,
    trace: PropagationContext | undefined,
    { spotlightOnly }: { spotlightOnly: boolean },
  ): void | Promise<void> {
    if (this.isClosed) return;
    const envelope = this.envelope(event, trace);
    return runQuietly(() => {
      this.transports.spotlight?.send(envelope);
      if (spotlightOnly) return;
      const { main } = this.transports;
      if (this.options.raiseSendErrors && main instanceof HttpTransport) {
        return this.deliverNow(main, envelope);
      }
      main?.send(envelope);
    });
  }

  /** @throws (rejects) the first send error since the last call, with `raiseSendErrors` */
  async flush(timeoutMs: number): Promise<boolean> {
    const flushed = await this.all((transport) => transport.flush(timeoutMs));
    await Promise.allSettled(this.deliveries);
    this.raise();
    return flushed;
  }

  /** @throws (rejects) as {@link flush} */
  async close(timeoutMs: number): Promise<boolean> {
    await Promise.allSettled(this.deliveries);
    const closed = await this.all((transport) => transport.close(timeoutMs));
    this.isClosed = true;
    this.raise();
    return closed;
  }

  private async all(act: (transport: Transports['main'] & object) => Promise<boolean>): Promise<boolean> {
    const transports = [this.transports.main, this.transports.spotlight].filter((one) => one !== undefined);
    // Spotlight is a copy: what it did not get is not lost.
    const [main = true] = await Promise.all(transports.map(act));
    return main;
  }

  private async deliverNow(main: HttpTransport, envelope: Envelope): Promise<void> {
    const delivery = main.deliver(envelope);
    const settled = delivery.catch((error: unknown) => {
      this.firstError ??= { error };
    });
    this.deliveries.add(settled);
    void settled.finally(() => this.deliveries.delete(settled));
    await delivery;
  }

  private raise(): void {
    const { firstError } = this;
    this.firstError = undefined;
    if (firstError) throw firstError.error;
  }

  private envelope(event: RavenEvent, trace: PropagationContext | undefined): Envelope {
    const wire = wireEvent(event);
    return {
      headers: {
        event_id: wire.event_id,
        sdk: SDK,
        ...(this.dsn && { dsn: publicDsn(this.dsn, this.dsn.scheme) }),
        ...(this.dsn &&
          trace && {
            trace: dynamicSamplingContext(trace, {
              publicKey: this.dsn.publicKey,
              release: wire.release,
              environment: wire.environment,
              orgId: this.options.orgId,
            }),
          }),
      },
      items: [{ headers: { type: 'event', content_type: 'application/json' }, payload: wire }],
    };
  }
}
