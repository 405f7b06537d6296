import { IsInt, IsPositive } from 'class-validator';

export class NewInvoiceDto {
  @IsInt()
  @IsPositive()
  cents!: number;
}
