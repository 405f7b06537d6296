import { Injectable } from '@nestjs/common';
import { CaptureErrors, Tag } from 'nestjs-raven';

/** The bank refused the card. */
export class CardDeclined extends Error {
  override readonly name = 'CardDeclined';
}

@Injectable()
export class PaymentService {
  // #region capture-errors
  /** Declined cards are reported although the app answers them; as warnings, tagged with the bank. */
  @CaptureErrors({ types: [CardDeclined], level: 'warning' })
  @Tag('bank', 'acme')
  async charge(cents: number, card: string): Promise<{ paid: number }> {
    await Promise.resolve();
    if (cents === 0) throw new RangeError('nothing to charge');
    if (card.endsWith('0')) throw new CardDeclined(`the bank declined ${cents} cents`);
    return { paid: cents };
  }
  // #endregion capture-errors
}
