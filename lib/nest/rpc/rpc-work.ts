import type { RavenClient } from '../../client/raven.client';
import { BODY_LIMITS } from '../../event/body-limits';
import { normalize } from '../../event/normalize';
import { safeRead } from '../../event/safe-read';
import { continueTrace, type PropagationContext } from '../../protocol/trace';
import { MessageWork } from '../message-work';
import type { RavenApp } from '../raven-app';
import { correlationIdOf, headersOf } from './message-headers';

/** Names of transports by their number in Nest's `Transport`. */
const TRANSPORTS = ['tcp', 'redis', 'nats', 'mqtt', 'grpc', 'rmq', 'kafka'];

/** A server as far as its messages need to know. */
export interface RpcServer {
  /** Number of the transport; a strategy of the app's own may have a symbol, or none. */
  readonly transportId: unknown;
  /** Whether the app's global filters are asked: not in a hybrid app, unless it inherits the app's configuration. */
  asksGlobalFilters: boolean;
}

/** What a handler was registered for. */
export interface RpcEndpoint {
  readonly pattern: unknown;
  readonly isEvent: boolean;
  readonly server: RpcServer;
}

/** One message of a microservice: what `@MessagePattern` and `@EventPattern` handle. */
export class RpcWork extends MessageWork {
  readonly type = 'rpc';
  /** The message's data. */
  override readonly request: unknown;

  constructor(
    app: RavenApp,
    private readonly endpoint: RpcEndpoint,
    args: readonly unknown[],
  ) {
    super(app, args);
    this.request = args[0];
  }

  protected override globalFilters(): readonly object[] {
    return this.endpoint.server.asksGlobalFilters ? super.globalFilters() : [];
  }

  /** An error that comes out of filters and all was raised by one of them. */
  noteOfFilter(exception: unknown): void {
    try {
      this.report(exception, { kind: 'rpc' }, false);
    } catch (failure) {
      this.app.client()?.complain('an error of a filter could not be reported', failure);
    }
  }

  override describe(client: RavenClient): Record<string, unknown> {
    const { isEvent, server } = this.endpoint;
    const pattern = patternText(this.endpoint.pattern);
    const correlationId = correlationIdOf(this.args);
    return {
      transaction: pattern,
      transaction_info: { source: 'route' },
      contexts: {
        message: {
          kind: isEvent ? 'event' : 'message',
          pattern,
          transport: transportName(server.transportId),
        },
      },
      ...(correlationId !== undefined && { tags: { correlation_id: correlationId } }),
      // A message's data is what a request's body is.
      ...(client.options.sendDefaultPii && { extra: { payload: normalize(this.request, BODY_LIMITS) } }),
    };
  }

  override trace(client: RavenClient): PropagationContext {
    const header = headersOf(this.args);
    return continueTrace(
      { sentryTrace: header('sentry-trace'), baggage: header('baggage'), traceparent: header('traceparent') },
      client.options,
    );
  }
}

function transportName(transportId: unknown): string {
  if (typeof transportId === 'number') return TRANSPORTS[transportId] ?? 'custom';
  return typeof transportId === 'symbol' ? (transportId.description ?? 'custom') : 'custom';
}

/** `orders.create`, `{"cmd":"create"}`, and of gRPC `Orders/Create`. */
function patternText(pattern: unknown): string {
  if (typeof pattern === 'string' || typeof pattern === 'number')
    return grpcName(String(pattern)) ?? String(pattern);
  return grpcNameOf(pattern) ?? JSON.stringify(pattern) ?? String(pattern);
}

function grpcName(pattern: string): string | undefined {
  if (!pattern.startsWith('{')) return undefined;
  try {
    return grpcNameOf(JSON.parse(pattern));
  } catch {
    return undefined;
  }
}

function grpcNameOf(pattern: unknown): string | undefined {
  const service = safeRead(pattern, 'service');
  const rpc = safeRead(pattern, 'rpc');
  return typeof service === 'string' && typeof rpc === 'string' ? `${service}/${rpc}` : undefined;
}
