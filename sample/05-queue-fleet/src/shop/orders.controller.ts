import { Controller, Get, Param, ParseIntPipe } from '@nestjs/common';
import { Tag } from 'nestjs-raven';

const PLACES: Record<number, { shelf: string } | undefined> = { 1: { shelf: 'B-12' } };

@Controller('orders')
export class OrdersController {
  /** Where it lies. Fails for orders that nobody put onto a shelf. */
  @Get(':id/shelf')
  findShelf(@Param('id', ParseIntPipe) @Tag('order.id') id: number): string {
    return (PLACES[id] as { shelf: string }).shelf;
  }
}
