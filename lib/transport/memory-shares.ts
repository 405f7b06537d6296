/**
 * What of `maxQueueBytes` is for what, so that all of it together stays within: envelopes that are held, the copies
 * that sending makes of them (put together, compressed), and events whose `beforeSend` takes its time.
 */
export const MEMORY_SHARES = { held: 0.6, copies: 0.2, hooks: 0.2 } as const;

/** What an envelope takes beside its items: headers, and the objects around them. */
export const ENVELOPE_OVERHEAD_BYTES = 512;
