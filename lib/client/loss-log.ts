import type { Account, DropReason } from '../transport/account';
import type { ClientLogger } from './client-environment';

/** Counts each event that goes wrong, and says why in the log. Never throws. */
export class LossLog {
  constructor(
    private readonly account: Account,
    private readonly logger: Pick<ClientLogger, 'error'>,
  ) {}

  /** @param message - a line for the log; none where it was said before */
  lose(reason: DropReason, message: string | undefined): void {
    this.account.droppedEvent(reason);
    if (message !== undefined) this.logger.error(message);
  }
}
