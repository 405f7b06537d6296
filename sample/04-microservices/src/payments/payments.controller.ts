import { Controller } from '@nestjs/common';
import { MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { Bank } from './bank';
import type { Charge, Receipt } from './charge';

@Controller()
export class PaymentsController {
  constructor(private readonly bank: Bank) {}

  // #region message
  @MessagePattern('payments.charge')
  async charge(@Payload() { cents, card }: Charge): Promise<Receipt> {
    // For the caller, so it is not reported.
    if (!(await this.bank.accepts(card))) throw new RpcException({ refusal: 'the card was declined' });
    return { paidCents: cents };
  }
  // #endregion message
}
