import ok from './ok.mjs';
import throwing from './throwing.mjs';

/** All scenarios, in the order they are measured and shown. */
export const SCENARIOS = [ok, throwing];
