import { inspect } from 'node:util';
import { Context, type ContextOwner } from '../context/context';
import type { RecordedBreadcrumb } from '../context/breadcrumb-buffer';
import type { TransactionStack } from '../context/transaction-stack';
import { safeCopy } from '../context/safe-copy';
import { currentScope, type Scope, type WorkScope } from '../context/scope';
import type { RavenEvent, RequestInterface, User } from '../protocol/event';
import { outgoingTraceHeaders } from '../protocol/trace';
import type { RavenOptions, ResolvedOptions } from '../raven.options';
import { conflictsIn } from '../conflicting-options';
import { resolveOptions } from '../resolve-options';
import type { StateListener, TransportState } from '../transport/transport-state';
import { BreadcrumbRecorder } from './breadcrumb-recorder';
import type {
  BreadcrumbOptions,
  CaptureOptions,
  ExceptionOptions,
  MessageOptions,
  QueryOptions,
} from './capture-options';
import type { Feedback } from './feedback';
import { processEnvironment, type ClientEnvironment, type ClientLogger } from './client-environment';
import { clientParts, type ClientParts } from './client-parts';
import { clientStats } from './client-stats';
import { currentTrace } from './current-trace';
import { errorText } from './error-text';
import type { EventTypeOption } from './event-types';
import { harmlessLogger } from './harmless-logger';
import type { LeftOver } from './left-over';
import { processPresence } from './process-presence';
import type { RavenStats } from './raven-stats';
import { StateListeners } from './state-listeners';
import { undeliveredLine } from './undelivered-line';
import { watchOutcome } from './watch-outcome';

/** Which errors {@link RavenClient.captureErrors} reports: those of these classes; none given, all. */
export type ErrorTypes = readonly (abstract new (...args: never[]) => unknown)[];

/**
 * Reports to a server that speaks Sentry's protocol. The API is raven-python's.
 *
 * In a Nest app it is injected; in a plain script it is made with `new RavenClient(options)`. No method
 * throws or blocks: what goes wrong inside is logged.
 */
export class RavenClient implements ContextOwner {
  /** The options in force. */
  readonly options: ResolvedOptions;
  /** What is set outside of any request, message, job or explicit scope; all of those inherit it. */
  readonly rootContext: Context;

  private readonly logger: ClientLogger;
  private readonly parts: ClientParts;
  private readonly breadcrumbs: BreadcrumbRecorder;
  private readonly listeners: StateListeners;

  /**
   * @param options - see {@link RavenOptions}; the environment fills in what is not given
   * @param environment - clock, random source, logger and the like; for tests
   * @throws InvalidOptionsError where an option is unknown or has a wrong value
   */
  constructor(options: RavenOptions = {}, environment: Partial<ClientEnvironment> = {}) {
    const given = { ...processEnvironment(), ...environment };
    const logger = harmlessLogger(given.logger);
    const surroundings = { ...given, logger };
    this.logger = logger;
    this.options = resolveOptions(options, surroundings.env, surroundings.root);
    const { enableBreadcrumbs, maxBreadcrumbs, maxBreadcrumbBytes } = this.options;
    this.rootContext = Context.root(this, enableBreadcrumbs ? maxBreadcrumbs : 0, maxBreadcrumbBytes);
    this.parts = clientParts(this, surroundings);
    this.listeners = new StateListeners((error) => this.complain('a listener failed', error));
    this.parts.outbox.watchState((state) => this.listeners.tell(state));
    this.breadcrumbs = new BreadcrumbRecorder(this.options.beforeBreadcrumb, surroundings);
    if (this.isEnabled()) {
      for (const line of conflictsIn(this.options)) logger.warn(line);
      processPresence.begin(this);
    } else {
      const reason = this.options.enabled ? 'No DSN is configured' : 'The option "enabled" is false';
      // Who says that it is on does not want to find out when the first error is missed.
      const level = options.enabled ? 'warn' : 'log';
      logger[level](`${reason}: nothing is reported`);
    }
  }

  /**
   * Reports an event of any kind.
   *
   * @param eventType - `'Message'`, `'Exception'`, `'Query'`, raven's full name of one, or an event type of the app's own
   * @returns the event's id, 32 lower-case hex digits (also where sampling keeps it from being sent), or
   *   `null` where nothing was reported: the client is disabled, the error is ignored or was reported before in this context
   */
  capture(eventType: EventTypeOption, options: CaptureOptions = {}): string | null {
    return this.parts.captures.capture(eventType, options);
  }

  /**
   * Reports a message.
   *
   * @param message - a template; its parameters travel beside it (`params`), the server groups by it
   * @returns as {@link capture}
   */
  captureMessage(message: string, options: MessageOptions = {}): string | null {
    return this.capture('Message', { ...safeCopy(options), message });
  }

  /**
   * Reports an error and returns at once; delivery happens in the background.
   *
   * @param exception - anything that was thrown; a value that is no Error gets the stack of this call
   * @param options - level, tags, extra … of this event alone; they win over the context's
   * @returns as {@link capture}
   */
  captureException(exception?: unknown, options: ExceptionOptions = {}): string | null {
    return this.capture('Exception', { ...safeCopy(options), exception });
  }

  /** Reports a database query. @returns as {@link capture} */
  captureQuery(query: string, options: QueryOptions = {}): string | null {
    return this.capture('Query', { ...safeCopy(options), query });
  }

  /**
   * Reports what a user has to say, mostly of an error they met. The processors see it, `beforeSend` does not, and it
   * is never sampled.
   *
   * @returns the feedback's own id, or `null` where nothing was sent: the client is disabled, there is no message, or
   *   the protocol is `store`
   */
  captureFeedback(feedback: Feedback): string | null {
    return this.parts.feedback.capture(feedback);
  }

  /**
   * Records a step that may lead to an error; it goes along with the events of this context.
   * A crumb without message, data and processor is refused with a line in the log.
   */
  captureBreadcrumb(breadcrumb: BreadcrumbOptions): void {
    if (!this.isEnabled() || !this.options.enableBreadcrumbs) return;
    const scope = currentScope();
    // What a hook or a delivery records would come round to the hook again.
    if (scope?.isQuiet) return;
    this.breadcrumbs.record(scope?.contextOf(this) ?? this.rootContext, breadcrumb);
  }

  /** Records what a source of breadcrumbs saw in `scope`, where the context there is active; see `recordFrom`. */
  recordIn(scope: Scope | undefined, breadcrumb: BreadcrumbOptions): void {
    if (!this.isEnabled() || !this.options.enableBreadcrumbs || scope?.isQuiet) return;
    const context = scope?.contextOf(this) ?? this.rootContext;
    if (context.active) this.breadcrumbs.record(context, breadcrumb);
  }

  /** What a piece of work began with, as an event being built shows it: the line of a request. */
  firstBreadcrumb(work: WorkScope | undefined): RecordedBreadcrumb | undefined {
    const first = this.options.breadcrumbSources.request ? work?.firstBreadcrumb() : undefined;
    return first && this.breadcrumbs.admitted(first);
  }

  /** Where it delivers, as `host:port` (no port where it is the scheme's own): such requests leave no breadcrumbs. */
  get deliveryHosts(): readonly string[] {
    return this.parts.outbox.hosts;
  }

  /**
   * Sends an event as it stands: no processors, no context. `event_id` and `timestamp` are added where missing.
   *
   * @returns a promise that resolves when the event is handed over; with `raiseSendErrors`, when the server has it
   * @throws (rejects) SendError only with `raiseSendErrors`
   */
  async send(data: Partial<RavenEvent>): Promise<void> {
    await this.parts.departure.send(data);
  }

  /**
   * Runs `fn` and reports what it throws, or what its promise, Observable or generator fails with, before
   * that goes on to the caller.
   *
   * @param fn - what to run
   * @param types - classes of errors to report; none given, all
   * @returns what `fn` returns
   */
  captureErrors<T>(fn: () => T, ...types: ErrorTypes): T {
    return watchOutcome(fn, (error) => {
      if (types.length === 0 || isOneOf(error, types)) this.captureException(error);
    });
  }

  /** What is known about the work in progress; see {@link Context}. */
  get context(): Context {
    return currentScope()?.contextOf(this) ?? this.rootContext;
  }

  /** Sets who is concerned: replaces the context's `user`. */
  userContext(user: User | null): void {
    this.context.merge({ user: user ?? undefined });
  }

  /** Sets the HTTP request: replaces the context's `request`. */
  httpContext(request: RequestInterface): void {
    this.context.merge({ request });
  }

  /** Adds to the context's extra, key by key. */
  extraContext(extra: Record<string, unknown>): void {
    this.context.merge({ extra });
  }

  /** Adds to the context's tags, key by key. */
  tagsContext(tags: Record<string, unknown>): void {
    this.context.merge({ tags });
  }

  /**
   * Says what a feature flag was evaluated to: events of this context carry the newest 100.
   * A name said again moves to the end.
   */
  flag(name: string, result: boolean | string | number): void {
    this.context.flag(name, result);
  }

  /**
   * The headers that link what is called from here to the work in progress: its errors belong to the same trace.
   * Clients of Nest's microservices get them by themselves; put them on requests of your own where they should go along.
   *
   * @returns `sentry-trace`, and `baggage` where anything is known; empty where the client is disabled
   */
  traceHeaders(): Record<string, string> {
    if (!this.isEnabled()) return {};
    return outgoingTraceHeaders(currentTrace(this), this.parts.outbox.samplingSource());
  }

  /** The names of what is running in this context; the top one names an event that has no `culprit`. */
  get transaction(): TransactionStack {
    return this.context.transactions;
  }

  /** The id of the newest event of this request, message, job, or of what runs outside of any; `null` where there is none. */
  get lastEventId(): string | null {
    return this.context.memory.lastEventId;
  }

  /** Whether captures are reported: there is a DSN (or Spotlight), `enabled` is not false, and the client is not closed. */
  isEnabled(): boolean {
    return this.parts.outbox.isOpen;
  }

  /**
   * The DSN without its secret, for a page's own client.
   *
   * @param scheme - `https` gives `https://…`; none gives `//…`, which takes the page's own
   * @returns `null` where there is no DSN
   */
  getPublicDsn(scheme?: string): string | null {
    return this.parts.outbox.publicDsn(scheme);
  }

  /**
   * Makes the processors now rather than with the first event. The module calls it at start-up.
   *
   * @throws whatever making one of them throws
   */
  prepare(): void {
    this.parts.processing.prepare();
  }

  /** Does now what the first delivery would have to wait for. The module calls it when the app has started. */
  warmUp(): void {
    this.parts.outbox.warmUp();
  }

  /** Logs that something the app gave (a hook, a filter) failed; never throws. */
  complain(what: string, error: unknown): void {
    this.logger.error(`${what}: ${errorText(error)}`);
  }

  /** Whether the error was reported by this client, in whatever context. */
  hasReported(error: unknown): boolean {
    return this.parts.reported.has(error);
  }

  /** Whether an error with this very stack was reported by this client within the last ten seconds, or in the work in progress. */
  hasReportedStack(stack: string): boolean {
    return this.parts.reported.hasStack(stack);
  }

  /** How delivery does: `online`, `limited` where the server takes no errors for a while, `offline` where it cannot be reached. */
  get state(): TransportState {
    return this.parts.outbox.status.state;
  }

  /** Has a function called whenever {@link state} becomes `event`. What it throws is logged. */
  on(event: TransportState, listener: StateListener): this {
    this.listeners.add(event, listener);
    return this;
  }

  /** Ends {@link on}. */
  off(event: TransportState, listener: StateListener): this {
    this.listeners.remove(event, listener);
    return this;
  }

  /** Where everything went that was captured. */
  stats(): RavenStats {
    this.parts.withoutRoom.settle();
    return clientStats(this.parts.outbox, this.parts.underWay);
  }

  /** Whether something was captured since the last flush. */
  get hasUnflushed(): boolean {
    return this.parts.underWay.hasUnflushed;
  }

  /** Whether something was lost that the server was not told of. */
  get hasUnreported(): boolean {
    return this.options.sendClientReports && !this.parts.account.discards.isEmpty;
  }

  /** Whether a flush has ended without delivering everything, and nothing was captured since. */
  get hasWaitedInVain(): boolean {
    return this.parts.underWay.hasWaitedInVain;
  }

  /**
   * Waits for what is captured to be delivered; the process stays alive meanwhile. The client goes on.
   *
   * @param timeoutMs - how long at most; default `shutdownTimeoutMs`
   * @returns whether nothing is left undelivered
   */
  flush(timeoutMs: number = this.options.shutdownTimeoutMs): Promise<boolean> {
    return this.parts.underWay.flush(timeoutMs);
  }

  /** Flushes and disables the client for good. @returns as {@link flush} */
  async close(timeoutMs: number = this.options.shutdownTimeoutMs): Promise<boolean> {
    processPresence.retire(this);
    try {
      return await this.parts.underWay.close(timeoutMs, this.parts.release);
    } finally {
      // Until then a process that ends all the same has something to save.
      processPresence.end(this);
    }
  }

  /** Flushes, and tells the server what was lost: for the end of a script. @returns as {@link flush} */
  async finish(timeoutMs: number = this.options.shutdownTimeoutMs): Promise<boolean> {
    const startedMs = performance.now();
    const isDone = await this.flush(timeoutMs);
    await this.parts.outbox.reportNow(timeoutMs - (performance.now() - startedMs));
    return isDone;
  }

  /** What a log or a JSON text of the client shows: no key of the DSN. */
  toJSON(): Record<string, unknown> {
    const { name } = this.options;
    return { ...(name !== undefined && { name }), dsn: this.getPublicDsn('https'), state: this.state };
  }

  [inspect.custom](): string {
    return `RavenClient ${inspect(this.toJSON())}`;
  }

  /** Logs what the process ends with; see `LastWords`. */
  tellUndelivered(quantity: number): void {
    this.logger.warn(undeliveredLine(quantity, this.stats(), this.options));
  }

  /** Ends at once, for the last moment of a process: writes to the spool. @returns what is left */
  endNow(): LeftOver {
    return this.parts.underWay.endNow();
  }
}

/** A filter that cannot be asked says no; what `fn` failed with must reach the caller as it is. */
function isOneOf(error: unknown, types: ErrorTypes): boolean {
  try {
    return types.some((type) => error instanceof type);
  } catch {
    return false;
  }
}
