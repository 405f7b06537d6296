import { Injectable } from '@nestjs/common';

/** The bank did not answer in time. */
export class BankTimeout extends Error {
  override readonly name = 'BankTimeout';
}

/** The bank refused the card: nothing is wrong with the app. */
export class CardDeclined extends Error {
  override readonly name = 'CardDeclined';
}

/** The bank, over the network: tests put another one in its place. */
@Injectable()
export class Bank {
  async charge(cents: number): Promise<void> {
    const answer = await fetch('https://bank.example/charges', {
      method: 'POST',
      body: JSON.stringify({ cents }),
      signal: AbortSignal.timeout(5000),
    }).catch((cause: unknown) => {
      throw new BankTimeout(`no answer to a charge of ${cents} cents`, { cause });
    });
    if (answer.status === 402) throw new CardDeclined(`the bank declined ${cents} cents`);
  }
}
