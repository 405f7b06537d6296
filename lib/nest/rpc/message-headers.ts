import { safeRead } from '../../event/safe-read';

/** Reads a header of a message, whatever the transport calls it; names are in lower case. */
export type HeaderReader = (name: string) => string | undefined;

/**
 * The headers of a message, by what its transport's context has: metadata of the packet (TCP, Redis; NestJS 12),
 * headers (NATS, RabbitMQ, Kafka), user properties (MQTT), metadata (gRPC).
 *
 * @param args - what the handler is called with: data and context; for gRPC request, metadata and call
 */
export function headersOf(args: readonly unknown[]): HeaderReader {
  const carriers = args.slice(1).flatMap(carriersOf);
  return (name) => {
    for (const carrier of carriers) {
      const value = textOf(valueIn(carrier, name));
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

/** The id that a message and its answer share, where the transport or a header of the app's own gives one. */
export function correlationIdOf(args: readonly unknown[]): string | undefined {
  const message = args
    .slice(1)
    .map((context) => asked(context, 'getMessage'))
    .find(Boolean);
  const ofTransport = textOf(safeRead(safeRead(message, 'properties'), 'correlationId'));
  const header = headersOf(args);
  return (
    ofTransport ??
    header('kafka_correlationId') ??
    header('x-correlation-id') ??
    header('correlation-id') ??
    header('x-request-id')
  );
}

function carriersOf(context: unknown): unknown[] {
  const message = asked(context, 'getMessage');
  const packet = asked(context, 'getPacket');
  return [
    asked(context, 'getMetadata'),
    asked(context, 'getHeaders'),
    safeRead(safeRead(message, 'properties'), 'headers'),
    safeRead(message, 'headers'),
    safeRead(safeRead(packet, 'properties'), 'userProperties'),
    // gRPC's metadata is an argument of its own.
    typeof safeRead(context, 'getMap') === 'function' ? context : undefined,
  ].filter((carrier) => typeof carrier === 'object' && carrier !== null);
}

/** What a method of the context gives, if it has it. */
function asked(context: unknown, method: string): unknown {
  const read = safeRead(context, method);
  if (typeof read !== 'function') return undefined;
  try {
    return Reflect.apply(read, context, []) as unknown;
  } catch {
    return undefined;
  }
}

/** A carrier is a plain object, or has `get` as NATS's headers and gRPC's metadata have. */
function valueIn(carrier: unknown, name: string): unknown {
  const get = safeRead(carrier, 'get');
  if (typeof get !== 'function') return safeRead(carrier, name);
  try {
    return Reflect.apply(get, carrier, [name]) as unknown;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if (Buffer.isBuffer(one)) return one.toString('utf8') || undefined;
  return typeof one === 'string' && one !== '' ? one : undefined;
}
