import type { FlagValue } from '../context/flag-values';

/** Servers keep 8 KiB of a context; what JSON and their own count add is in between. */
const MAX_BYTES = 7 * 1024;

/** The protocol's context `flags`: the newest flags that a server keeps; undefined where there are none. */
export function flagsContext(flags: readonly FlagValue[]): { values: FlagValue[] } | undefined {
  let bytes = 0;
  let first = flags.length;
  while (first > 0) {
    bytes += Buffer.byteLength(JSON.stringify(flags[first - 1])) + 2;
    if (bytes > MAX_BYTES) break;
    first -= 1;
  }
  return first === flags.length ? undefined : { values: flags.slice(first).map((value) => ({ ...value })) };
}
