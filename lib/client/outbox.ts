import { runQuietly } from '../context/scope';
import { parseDsn, publicDsn, type Dsn } from '../protocol/dsn';
import type { Envelope, EnvelopeItem } from '../protocol/envelope';
import type { RavenEvent } from '../protocol/event';
import { SDK } from '../protocol/sdk';
import {
  dynamicSamplingContext,
  type DynamicSamplingSource,
  type PropagationContext,
} from '../protocol/trace';
import type { ResolvedOptions } from '../raven.options';
import type { Account, AccountCounts } from '../transport/account';
import type { TransportStatus } from '../transport/queued.transport';
import type { Transport } from '../transport/transport';
import type { StateListener } from '../transport/transport-state';
import type { ClientEnvironment } from './client-environment';
import { addCounts } from './add-counts';
import { createTransports, type Transports } from './create-transport';
import type { LeftOver } from './left-over';
import { settledWithin } from './settled-within';
import { wireEvent } from './wire-event';

/** How an event leaves. */
export interface PostOptions {
  /** Whether it was sampled out, and only Spotlight gets it. */
  spotlightOnly?: boolean;
  /** Items that go along: attachments. */
  riders?: readonly EnvelopeItem[];
  /** What the envelope calls it. Default `event`. */
  type?: 'event' | 'feedback';
}

/** Where finished events leave: puts them into envelopes and hands those to the transports. */
export class Outbox {
  readonly dsn: Dsn | undefined;
  private readonly dsnText: string | undefined;
  private readonly transports: Transports;
  private closing?: Promise<boolean>;
  private isClosed = false;
  private knownHosts?: readonly string[];
  /** With `raiseSendErrors`: deliveries of captured events under way, and what went wrong with those before. */
  private readonly deliveries = new Set<Promise<void>>();
  private firstError?: { error: unknown };

  constructor(
    private readonly options: ResolvedOptions,
    environment: ClientEnvironment,
    private readonly account: Account,
  ) {
    this.dsn = options.enabled && options.dsn?.trim() ? parseDsn(options.dsn) : undefined;
    this.dsnText = this.dsn && publicDsn(this.dsn, this.dsn.scheme);
    this.transports = options.enabled
      ? createTransports(options, this.dsn, environment, account)
      : { main: undefined, spotlight: undefined };
  }

  /** Whether there is anywhere to send to. */
  get isOpen(): boolean {
    return !this.isClosed && (this.transports.main ?? this.transports.spotlight) !== undefined;
  }

  get hasSpotlight(): boolean {
    return this.transports.spotlight !== undefined;
  }

  /** Whether an event would be dropped, as the server takes none for now and nobody else gets it. */
  get isLimited(): boolean {
    return !this.hasSpotlight && (this.transports.main?.isLimited ?? false);
  }

  /** Where requests of ours go, as URLs write it: host, and the port where it is not the scheme's own. */
  get hosts(): readonly string[] {
    const { dsn, transports } = this;
    const urls = [dsn && `${dsn.scheme}://${dsn.host}:${dsn.port ?? ''}`, transports.spotlightUrl];
    return (this.knownHosts ??= urls.flatMap((url) => (url && URL.canParse(url) ? [new URL(url).host] : [])));
  }

  publicDsn(scheme: string | undefined): string | null {
    return this.dsn ? publicDsn(this.dsn, scheme) : null;
  }

  /**
   * Hands a captured event over; sending goes on in the background.
   *
   * @param trace - the trace it belongs to
   */
  post(
    event: RavenEvent,
    trace: PropagationContext,
    { spotlightOnly = false, riders = [], type = 'event' }: PostOptions = {},
  ): void {
    const delivery = this.hand(this.envelope(event, trace, type, riders), spotlightOnly);
    if (!delivery) return;
    // Nobody waits for a capture: who flushes or closes is told.
    const settled = delivery.catch((error: unknown) => {
      this.firstError ??= { error };
    });
    this.deliveries.add(settled);
    void settled.finally(() => this.deliveries.delete(settled));
  }

  /**
   * Hands over an event that somebody waits for.
   *
   * @throws (rejects) SendError only with `raiseSendErrors`
   */
  async send(event: RavenEvent): Promise<void> {
    await this.hand(this.envelope(event, undefined, 'event', []), false);
  }

  /** @returns a promise only with `raiseSendErrors`: it settles as the delivery does */
  private hand(envelope: Envelope, spotlightOnly: boolean): Promise<void> | undefined {
    const { main, spotlight } = this.transports;
    if (this.isClosed) {
      if (!spotlightOnly) this.account.droppedEvent('queue_overflow');
      return undefined;
    }
    return runQuietly(() => {
      spotlight?.send(envelope);
      if (spotlightOnly) return undefined;
      if (this.options.raiseSendErrors && main) return main.deliver(envelope);
      if (main) main.send(envelope);
      else this.account.sent(1);
      return undefined;
    });
  }

  /** How delivery does; without a server there is nothing that could fail. */
  get status(): TransportStatus {
    return this.transports.main?.status ?? { state: 'online', pending: 0, queueLength: 0, queueBytes: 0 };
  }

  /** The client's counts, with those of a transport that has its own. */
  counts(): AccountCounts {
    const own = this.account.counts();
    const theirs = this.transports.main?.ownCounts();
    return theirs ? addCounts(own, theirs) : own;
  }

  /** Tells of each change of the state; a transport of the app's own has none. */
  watchState(listener: StateListener): void {
    this.transports.main?.watchState(listener);
  }

  /** Does now what the first delivery would have to wait for. */
  warmUp(): void {
    if (!this.isClosed) this.transports.main?.warmUp();
  }

  reportNow(timeoutMs: number): Promise<void> {
    return this.transports.main?.reportNow(timeoutMs) ?? Promise.resolve();
  }

  /** Ends at once. @returns what neither was delivered nor is in the spool */
  endNow(): LeftOver {
    this.isClosed = true;
    return this.transports.main?.endNow() ?? { deliveries: [], pending: 0 };
  }

  /** @throws (rejects) the first send error since the last call, with `raiseSendErrors` */
  async flush(timeoutMs: number): Promise<boolean> {
    const [flushed, delivered] = await Promise.all([
      this.all((transport) => transport.flush(timeoutMs)),
      settledWithin(this.deliveries, timeoutMs),
    ]);
    this.raise();
    return flushed && delivered;
  }

  /** A second call waits for the first. @throws (rejects) as {@link flush} */
  async close(timeoutMs: number): Promise<boolean> {
    const closed = await (this.closing ??= this.closeOnce(timeoutMs));
    this.raise();
    return closed;
  }

  private async closeOnce(timeoutMs: number): Promise<boolean> {
    const startedMs = performance.now();
    const delivered = await settledWithin(this.deliveries, timeoutMs);
    const leftMs = Math.max(0, timeoutMs - (performance.now() - startedMs));
    const closed = await this.all((transport) => transport.close(leftMs));
    this.isClosed = true;
    return closed && delivered;
  }

  private async all(act: (transport: Transport) => Promise<boolean>): Promise<boolean> {
    const { main, spotlight } = this.transports;
    // Spotlight is a copy: what it did not get is not lost.
    const [isDone] = await Promise.all([main ? act(main) : true, spotlight && act(spotlight)]);
    return isDone;
  }

  private raise(): void {
    const { firstError } = this;
    this.firstError = undefined;
    if (firstError) throw firstError.error;
  }

  private envelope(
    event: RavenEvent,
    trace: PropagationContext | undefined,
    type: 'event' | 'feedback',
    riders: readonly EnvelopeItem[],
  ): Envelope {
    const wire = wireEvent(event);
    return {
      headers: {
        event_id: wire.event_id,
        sdk: SDK,
        ...(this.dsnText !== undefined && { dsn: this.dsnText }),
        ...(this.dsn &&
          trace && {
            trace: dynamicSamplingContext(trace, this.samplingSource(wire.release, wire.environment)),
          }),
      },
      items: [{ headers: { type, content_type: 'application/json' }, payload: wire }, ...riders],
    };
  }

  /** What a trace that begins here says of itself; only where there is a server that could make use of it. */
  samplingSource(
    release = this.options.release,
    environment = this.options.environment,
  ): DynamicSamplingSource {
    return { publicKey: this.dsn?.publicKey, release, environment, orgId: this.options.orgId };
  }
}
