/** Where events are kept on disk, and how. */
export interface SpoolOption {
  /** A folder on a local disk; it is made where it is missing. Several processes may share it. */
  directory: string;
  /** Most bytes of files that wait; the oldest of the least important go. Default 100 MiB. */
  maxBytes?: number | undefined;
  /** How long a file is kept at most, in milliseconds. Default 7 days: servers take events that are up to 30 days old. */
  maxAgeMs?: number | undefined;
  /**
   * `shutdown` writes what cannot be sent, and what is left at the end. `crash` writes every event before it is sent,
   * so that a killed process loses none. Default `shutdown`.
   */
  durability?: 'shutdown' | 'crash' | undefined;
  /** Between two events that are read back, so that a server that has returned is not flooded, in milliseconds. Default 100. */
  pauseMs?: number | undefined;
}
