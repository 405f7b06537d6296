import { Inject, Injectable } from '@nestjs/common';
import { RpcException, type ClientProxy } from '@nestjs/microservices';
import { RavenClient } from 'nestjs-raven';
import { firstValueFrom } from 'rxjs';
import type { Charge, Receipt } from '../payments/charge';
import { isRefusal } from '../refusal';
import type { NewOrder, PlacedOrder } from './order';

/** An order could not be paid, and that is not the customer's fault. */
export class PaymentFailed extends Error {
  override readonly name = 'PaymentFailed';
}

@Injectable()
export class OrdersService {
  private lastId = 0;

  constructor(
    @Inject('PAYMENTS') private readonly payments: ClientProxy,
    private readonly raven: RavenClient,
  ) {}

  async place({ lines, card }: NewOrder): Promise<PlacedOrder> {
    if (lines.length === 0) throw new RpcException({ refusal: 'an order has a line' });
    const cents = lines.reduce((sum, line) => sum + line.cents, 0);
    this.raven.captureBreadcrumb({ category: 'orders', message: `charge ${cents} cents` });
    const receipt = await this.charge({ cents, card });
    this.lastId += 1;
    return { id: this.lastId, receipt };
  }

  // #region client
  private async charge(charge: Charge): Promise<Receipt> {
    try {
      return await firstValueFrom(this.payments.send<Receipt, Charge>('payments.charge', charge));
    } catch (cause) {
      if (isRefusal(cause)) throw new RpcException(cause);
      throw new PaymentFailed(`${charge.cents} cents are not paid`, { cause });
    }
  }
  // #endregion client
}
