/** Why something could not be delivered; the message holds no key. */
export class SendError extends Error {
  override readonly name = 'SendError';

  /**
   * @param status - the HTTP status, absent where no answer came
   * @param reason - what the server gave as the reason, or the network's error
   */
  constructor(
    message: string,
    readonly status?: number,
    readonly reason?: string,
  ) {
    super(message);
  }
}
