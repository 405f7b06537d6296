import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Tag } from 'nestjs-raven';

// #region hook
/** A lifecycle hook: fails where the app ends with the ledger open. */
@Injectable()
export class StockLedger implements OnApplicationShutdown {
  private isOpen = false;

  open(): void {
    this.isOpen = true;
  }

  @Tag('context', 'lifecycle')
  onApplicationShutdown(): void {
    if (this.isOpen) throw new Error('the ledger was left open');
  }
}
// #endregion hook
