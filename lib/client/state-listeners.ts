import { runQuietly } from '../context/scope';
import { isThenable } from '../event/thenable';
import type { StateListener, TransportState } from '../transport/transport-state';

/** Who wants to hear of which state. */
export class StateListeners {
  private readonly listeners = new Map<TransportState, Set<StateListener>>();

  /** @param failed - told what a listener throws */
  constructor(private readonly failed: (error: unknown) => void) {}

  add(state: TransportState, listener: StateListener): void {
    const those = this.listeners.get(state) ?? new Set();
    this.listeners.set(state, those.add(listener));
  }

  remove(state: TransportState, listener: StateListener): void {
    this.listeners.get(state)?.delete(listener);
  }

  /** What a listener captures would be about delivery itself: it is not. */
  tell(state: TransportState): void {
    for (const listener of this.listeners.get(state) ?? []) {
      try {
        const answer = runQuietly(() => listener(state) as unknown);
        // An `async` listener may fail as well.
        if (isThenable(answer)) Promise.resolve(answer).catch(this.failed);
      } catch (error) {
        this.failed(error);
      }
    }
  }
}
