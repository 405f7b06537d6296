/**
 * What counts as unhealthy. Without any limit nothing does: an error server that is down must not take down the app
 * that reports to it.
 */
export interface RavenHealthOptions {
  /** Name of the client, as in `@InjectRaven('billing')`. None: the unnamed one. */
  client?: string | undefined;
  /**
   * Unhealthy after this time without delivery, in milliseconds; for example 300000. Default: never. What went before
   * the first check does not count.
   */
  offlineForMs?: number | undefined;
  /** Unhealthy with more events than this in memory. Default: any number is fine. */
  maxPending?: number | undefined;
  /**
   * Unhealthy for this time after an event was lost that was to be sent, in milliseconds. Default: never. It begins
   * with the check that sees the loss.
   */
  lostWithinMs?: number | undefined;
  /**
   * What is said of an unhealthy client. Default `down`: Terminus answers 503. `degraded` leaves it at 200; where
   * Terminus has no such status, before 12, it is `up`, with the same message.
   */
  unhealthyStatus?: 'down' | 'degraded' | undefined;
}
