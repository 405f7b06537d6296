import type { Context, ContextOwner } from '../../context/context';
import type { RavenClient } from '../../client/raven.client';
import { readableText } from '../../client/readable-text';
import { runInScope } from '../../context/scope';
import type { ClassOf } from '../../raven.options';
import { continueTrace, type PropagationContext } from '../../protocol/trace';
import type { RaisedAt } from '../error-reporter';
import { isHandledByType } from '../handled-errors';
import { MessageWork } from '../message-work';
import type { RavenApp } from '../raven-app';
import { describeWs, handshakeHeaders, userOfClient } from './ws-description';

/** What names an event: see `transaction_info` of the protocol. */
export interface Transaction {
  readonly name: string;
  readonly source: 'route' | 'component';
}

/** Work over a WebSocket: a connection, one of its messages, a hook of a gateway. */
export abstract class WsWork extends MessageWork {
  readonly type = 'ws';
  /** The request that the connection began with, where the adapter tells. */
  abstract override readonly request: unknown;
  /** socket.io's socket, the `WebSocket` of ws. */
  abstract readonly client: unknown;
  abstract readonly transaction: Transaction;

  /** What the client sent. */
  get payload(): unknown {
    return undefined;
  }

  override get user(): unknown {
    return userOfClient(this.client, this.request);
  }

  override note(exception: unknown, at: RaisedAt): void {
    super.note(exception, { ...at, kind: 'ws' });
  }

  /** Global filters do not reach gateways. */
  protected override globalFilters(): readonly object[] {
    return [];
  }

  override describe(client: RavenClient): Record<string, unknown> {
    return describeWs(this, client.options);
  }

  override trace(client: RavenClient): PropagationContext {
    const headers = handshakeHeaders(this.request);
    return continueTrace(
      {
        sentryTrace: headers['sentry-trace'],
        baggage: headers.baggage,
        traceparent: headers.traceparent,
      },
      client.options,
    );
  }
}

/** One client's connection, from `handleConnection` to `handleDisconnect`. */
export class WsConnection extends WsWork {
  readonly transaction: Transaction = { name: 'connection', source: 'component' };
  readonly client: unknown;
  override readonly request: unknown;

  /** @param args - what the adapter tells of a new client: the client; with ws also the request */
  constructor(app: RavenApp, args: readonly unknown[]) {
    super(app, args);
    const [client, request] = args;
    this.client = client;
    this.request = (client as { request?: unknown } | undefined)?.request ?? request;
  }

  /** What Nest's filters are asked about here was raised by a hook of a request-scoped gateway. */
  override note(exception: unknown, at: RaisedAt): void {
    const hook = new WsHook(this.app, this, at.type, at.handlerName ?? 'connection', this.args);
    runInScope(hook, () => hook.note(exception, at));
  }
}

/** One message. Its contexts begin with what the connection has, and end with it. */
export class WsMessage extends WsWork {
  readonly client: unknown;
  override readonly request: unknown;
  private noted: { exception: unknown; at: RaisedAt } | undefined = undefined;

  /**
   * @param pattern - what the handler is subscribed to
   * @param given - what the adapter calls the handler with: data, and what answers or the event's name
   */
  constructor(
    private readonly connection: WsConnection,
    private readonly pattern: unknown,
    given: readonly unknown[],
  ) {
    super(connection.app, [connection.client, ...given, pattern]);
    this.client = connection.client;
    this.request = connection.request;
  }

  /** The event's name is what a message is routed to its handler by. */
  get transaction(): Transaction {
    return { name: readableText(this.pattern), source: 'route' };
  }

  override get payload(): unknown {
    return this.args[1];
  }

  override note(exception: unknown, at: RaisedAt): void {
    this.noted = { exception, at };
    super.note(exception, at);
  }

  /** Notes an error that came back to the adapter: a filter raised it, so nobody handled the one the filter was for. */
  noteUnanswered(exception: unknown): void {
    const { exception: filtered, at } = this.noted ?? { exception, at: {} };
    for (const error of new Set([filtered, exception])) this.report(error, at, isHandledByType(error));
  }

  protected override origin(client: ContextOwner): Context {
    return this.connection.contextOf(client);
  }
}

/**
 * A call of a gateway's `afterInit`, `handleConnection` or `handleDisconnect`. It has no contexts of its own: what
 * is set in it is set for the connection, and by `afterInit` for the app, as by any code at bootstrap.
 */
export class WsHook extends WsWork {
  readonly transaction: Transaction;
  readonly client: unknown;
  override readonly request: unknown;

  constructor(
    app: RavenApp,
    private readonly connection: WsConnection | undefined,
    type: ClassOf<unknown> | undefined,
    name: string,
    args: readonly unknown[],
  ) {
    super(app, args);
    this.transaction = { name: type ? `${type.name}.${name}` : name, source: 'component' };
    this.client = connection?.client;
    this.request = connection?.request;
  }

  override contextOf(client: ContextOwner): Context {
    return this.connection?.contextOf(client) ?? client.rootContext;
  }

  /** Notes an error that left the hook: nothing in Nest takes it, whatever its type. */
  noteUncaught(exception: unknown, at: RaisedAt): void {
    this.report(exception, at, false);
  }
}
