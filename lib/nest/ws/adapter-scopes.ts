import type { WebSocketAdapter, WsMessageHandler } from '@nestjs/common';
import { isObservable, Observable } from 'rxjs';
import { runInScope } from '../../context/scope';
import { overlayMethod } from '../overlay-method';
import type { RavenApp } from '../raven-app';
import { WsConnection, WsMessage } from './ws-work';

type Callback = (this: unknown, ...args: unknown[]) => unknown;
type Transform = (answer: unknown) => Observable<unknown>;

/**
 * Has each connection and each message of an app run in a scope of its own.
 *
 * Nest has no public seam around them but the adapter, to which it hands what is to be called for a new client,
 * for a message and for a client that left. So the methods of this one adapter object are overlaid, and the overlays taken
 * away again.
 */
export class AdapterScopes {
  /** The connection of each client; all gateways of a server share it. */
  private readonly connections = new WeakMap<object, WsConnection>();

  constructor(private readonly app: RavenApp) {}

  /** @returns takes the overlays away */
  enter(adapter: WebSocketAdapter): () => void {
    const undo = [
      overlayMethod(
        adapter,
        'bindClientConnect',
        (original) =>
          (server: unknown, callback: Callback): unknown =>
            Reflect.apply(original, adapter, [server, this.onConnect(callback)]),
      ),
      overlayMethod(
        adapter,
        'bindMessageHandlers',
        (original) =>
          (client, handlers, transform): unknown =>
            Reflect.apply(original, adapter, [client, ...this.inMessages(client, handlers, transform)]),
      ),
    ];
    // An adapter may do without; Nest asks whether it is there.
    if (typeof adapter.bindClientDisconnect === 'function') {
      undo.push(
        overlayMethod(
          adapter,
          'bindClientDisconnect',
          (original) =>
            (client: unknown, callback: Callback): unknown =>
              Reflect.apply(original as Callback, adapter, [client, this.inConnection(client, callback)]),
        ),
      );
    }
    return () => {
      for (const step of undo.reverse()) step();
    };
  }

  private onConnect(callback: Callback): Callback {
    const connectionOf = this.connectionOf.bind(this);
    return function (...args) {
      return runInScope(connectionOf(...args), () => callback.apply(this, args));
    };
  }

  private inConnection(client: unknown, callback: Callback): Callback {
    const connection = this.connectionOf(client);
    return function (...args) {
      return runInScope(connection, () => callback.apply(this, args));
    };
  }

  private inMessages(
    client: unknown,
    handlers: WsMessageHandler[],
    transform: Transform,
  ): [WsMessageHandler[], Transform] {
    const connection = this.connectionOf(client);
    /** Which message an answer is to; it is an object, for Nest answers by promises. */
    const messages = new WeakMap<object, WsMessage>();
    const scoped = handlers.map((handler) => {
      const { message, callback } = handler;
      return {
        ...handler,
        callback: (...args: unknown[]): unknown => {
          const work = new WsMessage(connection, message, args);
          const answer: unknown = runInScope(work, () => callback(...args) as unknown);
          if (typeof answer === 'object' && answer !== null) messages.set(answer, work);
          return answer;
        },
      };
    });
    return [
      scoped as WsMessageHandler[],
      (answer) => {
        const work = messages.get(answer as object);
        return work ? answersOf(work, () => transform(answer)) : transform(answer);
      },
    ];
  }

  private connectionOf(...args: unknown[]): WsConnection {
    const [client] = args;
    if (typeof client !== 'object' || client === null) return new WsConnection(this.app, args);
    let connection = this.connections.get(client);
    if (!connection) this.connections.set(client, (connection = new WsConnection(this.app, args)));
    return connection;
  }
}

/** The answers to a message: they are computed once the adapter subscribes to them, which must be in the message's scope, too. */
function answersOf(work: WsMessage, transform: () => Observable<unknown>): Observable<unknown> {
  const source = runInScope(work, transform);
  if (!isObservable(source)) return source;
  return new Observable((subscriber) =>
    runInScope(work, () =>
      source.subscribe({
        next: (value) => subscriber.next(value),
        error: (error: unknown) => {
          work.noteUnanswered(error);
          subscriber.error(error);
        },
        complete: () => subscriber.complete(),
      }),
    ),
  );
}
