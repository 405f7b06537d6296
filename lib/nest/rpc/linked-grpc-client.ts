import { safeRead } from '../../event/safe-read';
import { appPackage } from '../app-package';
import { overlayMethod } from '../overlay-method';
import type { TraceHeaders } from './linked-clients';

/** What this needs of Nest's gRPC client. */
export interface GrpcClient {
  /** The stubs of its services, by name. */
  clients?: Map<string, GrpcStub>;
  createServiceMethod(stub: GrpcStub, method: string): (...args: unknown[]) => unknown;
}

interface GrpcMetadata {
  clone(): GrpcMetadata;
  get(key: string): unknown[];
  set(key: string, value: string): void;
}
type GrpcStub = Record<string, ((...args: unknown[]) => unknown) & { requestStream?: boolean }>;

/**
 * gRPC's generated stubs, which Nest makes when a service is first asked for: those there are, and those to come.
 *
 * @returns takes the overlays away
 */
export function linkGrpc(client: GrpcClient, headers: TraceHeaders): () => void {
  const grpc = appPackage<{ Metadata: new () => GrpcMetadata }>('@grpc/grpc-js');
  if (!grpc) return () => {};
  const undo: (() => void)[] = [];
  const linked = new Set<object>();
  const link = (stub: GrpcStub): void => {
    if (linked.has(stub)) return;
    linked.add(stub);
    for (const method of Object.keys(Object.getPrototypeOf(stub) as object))
      undo.push(linkMethod(stub, method));
  };
  const linkMethod = (stub: GrpcStub, method: string): (() => void) =>
    overlayMethod(stub, method, (original) => {
      // Whether a call streams its request stands on the function.
      const { requestStream } = original as GrpcStub[string];
      const linkedMethod = (...args: unknown[]): unknown =>
        Reflect.apply(original, stub, withMetadata(args, requestStream ? 0 : 1));
      return Object.assign(linkedMethod, original);
    });
  const withMetadata = (args: unknown[], position: number): unknown[] => {
    const isGiven = typeof safeRead(args[position], 'getMap') === 'function';
    const metadata = isGiven ? (args[position] as GrpcMetadata).clone() : new grpc.Metadata();
    for (const [key, value] of Object.entries(headers())) {
      if (metadata.get(key).length === 0) metadata.set(key, value);
    }
    return args.toSpliced(position, isGiven ? 1 : 0, metadata);
  };

  for (const stub of client.clients?.values() ?? []) link(stub);
  undo.push(
    overlayMethod(client, 'createServiceMethod', (original) => (stub: GrpcStub, method: string) => {
      link(stub);
      return Reflect.apply(original, client, [stub, method]);
    }),
  );
  return () => {
    for (const step of undo.reverse()) step();
  };
}
