import { types } from 'node:util';
import { isObservable, Observable } from 'rxjs';
import { runInScope } from '../../context/scope';
import { safeRead } from '../../event/safe-read';
import type { RavenApp } from '../raven-app';
import { RpcWork, type RpcEndpoint } from './rpc-work';

/** A handler as servers keep it: with more handlers of the same event behind it. */
export type MessageHandler = ((...args: unknown[]) => unknown) & { next?: MessageHandler };

/** Handlers that have their scopes: a transport's own `addHandler` may go on to that of its base class. */
const scopedHandlers = new WeakSet<object>();

/** A handler that runs each of its messages in a scope of its own, from guards to filters and to the last value of its answer. */
export function inMessageScope(
  app: RavenApp,
  endpoint: RpcEndpoint,
  handler: MessageHandler,
): MessageHandler {
  if (scopedHandlers.has(handler)) return handler;
  const scoped: MessageHandler = function (this: unknown, ...args: unknown[]): unknown {
    const work = new RpcWork(app, endpoint, argumentsOf(args));
    const answer = runInScope(work, () =>
      handler.apply(
        this,
        args.map((arg) => emittedIn(work, arg)),
      ),
    );
    return types.isPromise(answer)
      ? answer.then(
          (value) => subscribedIn(work, value),
          (error: unknown) => {
            runInScope(work, () => work.noteOfFilter(error));
            throw error;
          },
        )
      : subscribedIn(work, answer);
  };
  // The server chains handlers of one event by `next`, which the handler itself reads.
  Object.defineProperty(scoped, 'next', {
    get: () => handler.next,
    set: (next: MessageHandler) => {
      handler.next = next;
    },
    enumerable: true,
    configurable: true,
  });
  scopedHandlers.add(scoped);
  return scoped;
}

/** The server subscribes to an Observable later, outside of the scope: what runs then still belongs to the message. */
function subscribedIn(work: RpcWork, answer: unknown): unknown {
  if (!isObservable(answer)) return answer;
  return new Observable((subscriber) => runInScope(work, () => answer.subscribe(subscriber)));
}

/** What a client streams to the handler comes from the socket, outside of the scope: what it sets off belongs to the message. */
function emittedIn(work: RpcWork, argument: unknown): unknown {
  if (!isObservable(argument)) return argument;
  const scoped = new Observable((subscriber) =>
    argument.subscribe({
      next: (value) => runInScope(work, () => subscriber.next(value)),
      error: (error) => runInScope(work, () => subscriber.error(error)),
      complete: () => runInScope(work, () => subscriber.complete()),
    }),
  );
  // Nest's decorators know the stream by more than its class, so it stays what it is but for this.
  return Object.create(argument, { subscribe: { value: scoped.subscribe.bind(scoped) } }) as unknown;
}

/** For handlers in request scope Nest puts data, pattern and context into one object of its own, before the arguments. */
function argumentsOf(args: readonly unknown[]): readonly unknown[] {
  const first = args[0];
  return typeof safeRead(first, 'getContext') === 'function' &&
    typeof safeRead(first, 'getData') === 'function'
    ? args.slice(1)
    : args;
}
