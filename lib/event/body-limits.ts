import type { NormalizeLimits } from './normalize';

/** How much of what a caller sent is looked at: a request's body, a message's data, an operation's variables. */
export const BODY_LIMITS: NormalizeLimits = {
  maxDepth: 6,
  maxListLength: 100,
  maxStringLength: 2048,
  maxNodes: 2000,
};
