import type { StateListener, TransportState } from './transport-state';

/** Those who are told of each new state. */
export class StateListeners {
  readonly #listeners = new Set<StateListener>();

  /** @returns ends it */
  add(listener: StateListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(state: TransportState): void {
    for (const listener of this.#listeners) {
      try {
        listener(state);
      } catch {
        // Whoever listens must not stop delivery.
      }
    }
  }
}
