import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/**
 * Listens to what Node and its libraries publish. A listener that threw there would end the process, so what it
 * fails with is left where it happened.
 *
 * @returns stops listening
 */
export function listenToChannel<T>(name: string, listener: (message: T) => void): () => void {
  const harmless = (message: unknown): void => {
    try {
      listener(message as T);
    } catch {
      // A message unlike those that are documented: nothing is recorded of it.
    }
  };
  subscribe(name, harmless);
  return () => void unsubscribe(name, harmless);
}
