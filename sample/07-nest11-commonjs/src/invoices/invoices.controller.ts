import { Body, Controller, Get, Param, ParseIntPipe, Post } from '@nestjs/common';
import { Tag } from 'nestjs-raven';
import type { Invoice } from './invoice';
import { InvoicesService } from './invoices.service';
import { NewInvoiceDto } from './new-invoice.dto';

@Controller('invoices')
export class InvoicesController {
  constructor(private readonly invoices: InvoicesService) {}

  @Get(':id')
  find(@Param('id', ParseIntPipe) id: number): Invoice {
    return this.invoices.find(id);
  }

  @Get(':id/due')
  due(@Param('id', ParseIntPipe) @Tag('invoice.id') id: number): { days: number } {
    return { days: this.invoices.dueInDays(id) };
  }

  @Post()
  create(@Body() { cents }: NewInvoiceDto): Invoice {
    return this.invoices.create(cents);
  }
}
