import { Controller, Get, HttpCode, Post, ServiceUnavailableException } from '@nestjs/common';
import { EventBus } from '@nestjs/cqrs';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { SchedulerRegistry } from '@nestjs/schedule';
import { IgnoreErrors, Tag } from 'nestjs-raven';
import { StockSold } from './stock-sold.event';
import { StockLedger } from './stock.ledger';

/** HTTP, and what starts the others by hand. */
@Controller()
export class TriggerController {
  constructor(
    private readonly events: EventEmitter2,
    private readonly bus: EventBus,
    private readonly jobs: SchedulerRegistry,
    private readonly ledger: StockLedger,
  ) {}

  // #region handler
  @Get('orders/:id')
  @Tag('context', 'http')
  order(): never {
    throw new Error('no orders here');
  }
  // #endregion handler

  @Post('events')
  @HttpCode(202)
  emit(): void {
    this.events.emit('stock.low', { sku: 'A-17' });
  }

  // #region ignore
  /** Not ready is an answer: nobody has to hear of it each time somebody asks. */
  @Get('ready')
  @IgnoreErrors(ServiceUnavailableException)
  ready(): never {
    throw new ServiceUnavailableException('the stock is being counted');
  }
  // #endregion ignore

  @Post('cqrs')
  @HttpCode(202)
  publish(): void {
    void this.bus.publish(new StockSold('A-17'));
  }

  @Post('jobs')
  @HttpCode(202)
  async run(): Promise<void> {
    await this.jobs.getCronJob('count stock').fireOnTick();
  }

  @Post('ledger')
  @HttpCode(202)
  openLedger(): void {
    this.ledger.open();
  }
}
