import { BadRequestException, Injectable, type PipeTransform } from '@nestjs/common';

// #region pipe
/** `17` or `order-17` → 17. */
@Injectable()
export class OrderIdPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const digits = /^(?:order-)?(\d+)$/.exec(value)?.[1];
    if (digits === undefined) throw new BadRequestException(`"${value}" is no order`);
    return Number(digits);
  }
}
// #endregion pipe
