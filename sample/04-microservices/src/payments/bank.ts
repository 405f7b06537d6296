import { Injectable } from '@nestjs/common';
import { Tag } from 'nestjs-raven';

/** The bank did not answer. */
export class BankUnavailable extends Error {
  override readonly name = 'BankUnavailable';
}

/** Stands for a bank elsewhere: it declines cards that end with 0, and its line for those that end with 1 is dead. */
@Injectable()
export class Bank {
  @Tag('bank', 'acme')
  async accepts(card: string): Promise<boolean> {
    await Promise.resolve();
    if (card.endsWith('1')) throw new BankUnavailable('no answer from acme');
    return !card.endsWith('0');
  }
}
