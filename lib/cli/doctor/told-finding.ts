import type { Finding } from './finding';

/** A finding of a check; what `--json` prints a list of. */
export interface ToldFinding extends Finding {
  check: string;
  /** Where the docs say more. */
  link: string;
}
