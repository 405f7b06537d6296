import { safeRead } from '../../event/safe-read';
import { overlayMethod } from '../overlay-method';
import type { RavenApp } from '../raven-app';
import { linkGrpc, type GrpcClient } from './linked-grpc-client';

/** Gives the trace headers of the work in progress. */
export type TraceHeaders = () => Record<string, string>;

/** Parts of Nest's clients that this knows; which of them a client has tells its transport. */
interface AnyClient {
  options?: Record<string, unknown>;
  serializer?: { serialize(value: unknown, options?: unknown): unknown };
  onDispatchHook?: (packet: Packet) => void;
  setOnDispatchHook?(hook: (packet: Packet) => void): void;
  mergeHeaders?(headers: unknown): unknown;
  mergePacketOptions?(options: unknown): unknown;
  createServiceMethod?: GrpcClient['createServiceMethod'];
}

interface Packet {
  metadata?: Record<string, unknown>;
}

/**
 * Has the clients of an app's microservices send the trace of the work in progress along: in headers where the
 * transport has them (NATS, RabbitMQ, MQTT 5's user properties, Kafka, gRPC's metadata), else in the packet's
 * metadata (TCP and Redis, from NestJS 12). What is sent and answered stays as it is.
 *
 * For metadata there is a public hook. For headers there is none: the one method of each client object that
 * gathers them is overlaid, and given back.
 *
 * @returns takes all of that away again
 */
export function linkClients(app: RavenApp): () => void {
  const headers: TraceHeaders = () => {
    try {
      return app.client()?.traceHeaders() ?? {};
    } catch {
      return {};
    }
  };
  const undo: (() => void)[] = [];
  for (const client of clientsOf(app)) undo.push(link(client, headers));
  return () => {
    for (const step of undo.reverse()) step();
  };
}

function link(client: AnyClient, headers: TraceHeaders): () => void {
  if (client.createServiceMethod) return linkGrpc(client as GrpcClient, headers);
  if (client.mergePacketOptions) return linkOptions(client, 'mergePacketOptions', 'userProperties', headers);
  if (client.mergeHeaders) return linkOptions(client, 'mergeHeaders', 'headers', headers);
  if (client.serializer && 'consumer' in client && 'producer' in client) return linkKafka(client, headers);
  return linkPackets(client, headers);
}

/** Clients as providers, and those that `@Client()` puts on properties. */
function clientsOf(app: RavenApp): Set<AnyClient> {
  const clients = new Set<AnyClient>();
  for (const module of app.modules.values()) {
    for (const { instance } of [...module.providers.values(), ...module.controllers.values()]) {
      if (typeof instance !== 'object' || instance === null) continue;
      for (const candidate of [instance, ...propertiesOf(instance as object)]) {
        if (isClient(candidate)) clients.add(candidate);
      }
    }
  }
  return clients;
}

function propertiesOf(instance: object): unknown[] {
  return Object.keys(instance)
    .filter((key) => Reflect.getMetadata('microservices:is_client_instance', instance, key) === true)
    .map((key) => safeRead(instance, key));
}

function isClient(value: unknown): value is AnyClient {
  const has = (method: string): boolean => typeof safeRead(value, method) === 'function';
  return (
    (has('send') && has('emit') && has('createObserver')) || (has('getService') && has('createServiceMethod'))
  );
}

function linkPackets(client: AnyClient, headers: TraceHeaders): () => void {
  if (!client.setOnDispatchHook) return () => {};
  const own = client.onDispatchHook;
  const hook = (packet: Packet): void => {
    own?.(packet);
    packet.metadata = { ...headers(), ...packet.metadata };
  };
  client.setOnDispatchHook(hook);
  return () => {
    if (client.onDispatchHook === hook) client.onDispatchHook = own;
  };
}

/** The method reads what every message gets from the client's options: for this one call it has the trace in them. */
function linkOptions(
  client: AnyClient,
  method: 'mergeHeaders' | 'mergePacketOptions',
  option: string,
  headers: TraceHeaders,
): () => void {
  return overlayMethod(client, method, (original) => (given: unknown) => {
    const options = {
      ...client.options,
      [option]: { ...headers(), ...(client.options?.[option] as object) },
    };
    return Reflect.apply(original, Object.create(client, { options: { value: options } }), [
      given,
    ]) as unknown;
  });
}

function linkKafka(client: AnyClient, headers: TraceHeaders): () => void {
  const serializer = client.serializer as NonNullable<AnyClient['serializer']>;
  return overlayMethod(serializer, 'serialize', (original) => (value: unknown, options: unknown) => {
    const withTrace = (message: unknown): unknown => {
      const own = safeRead(message, 'headers');
      if (typeof own === 'object' && own !== null) Object.assign(own, { ...headers(), ...own });
      return message;
    };
    const message = Reflect.apply(original, serializer, [value, options]) as unknown;
    return message instanceof Promise ? message.then(withTrace) : withTrace(message);
  });
}
