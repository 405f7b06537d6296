/**
 * How delivery does: `online` it goes on; `limited` the server takes no errors for a while; `offline` the last
 * attempt failed, and the next one waits.
 */
export type TransportState = 'online' | 'limited' | 'offline';

/** Told when the state has changed. */
export type StateListener = (state: TransportState) => void;
