import { Body, Controller, Get, Injectable, Param, Post, Query } from '@nestjs/common';
import { Cron, Interval, ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { ApiOkResponse, ApiOperation, ApiProperty, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describe, expect, it } from 'vitest';
import { CaptureErrors, Extra, Fingerprint, IgnoreErrors, Level, RavenClient, Tag } from 'nestjs-raven';
import { errorOf, startReceiver } from '../support/receiver';
import { get, startApp } from '../support/test-app';

class OrderDto {
  @ApiProperty()
  sku!: string;
  @ApiProperty({ minimum: 1 })
  quantity!: number;
}

/** The same routes twice: with this library's decorators above, below and between, and without. */
@CaptureErrors()
@Tag('area', 'orders')
@Controller('orders')
class DecoratedController {
  @CaptureErrors()
  @Post(':id')
  @Tag('a', 1)
  @ApiOperation({ summary: 'Change an order' })
  @Level('warning')
  @ApiOkResponse({ type: OrderDto })
  @Fingerprint('f')
  change(@Param('id') @Tag('id') id: number, @Extra('order') @Body() order: OrderDto): OrderDto {
    return { sku: String(id), quantity: order.quantity };
  }

  @IgnoreErrors(RangeError)
  @Get()
  @CaptureErrors()
  list(@Query('page') @Tag('page') page: number): number {
    return page;
  }
}

@Controller('orders')
class PlainController {
  @Post(':id')
  @ApiOperation({ summary: 'Change an order' })
  @ApiOkResponse({ type: OrderDto })
  change(@Param('id') id: number, @Body() order: OrderDto): OrderDto {
    return { sku: String(id), quantity: order.quantity };
  }

  @Get()
  list(@Query('page') page: number): number {
    return page;
  }
}

describe('decorators of other libraries', () => {
  it('Swagger writes the same document of decorated and undecorated routes', async () => {
    const receiver = await startReceiver();
    const documents = [];
    for (const controller of [DecoratedController, PlainController]) {
      const app = await startApp(receiver, { controllers: [controller] });
      const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
      documents.push(
        JSON.parse(JSON.stringify(document).replaceAll(controller.name.replace('Controller', ''), 'Orders')),
      );
      const answer = await get(app, '/orders/17', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"sku":"a","quantity":2}',
      });
      expect([answer.status, await answer.json()]).toEqual([201, { sku: '17', quantity: 2 }]);
      await app.close();
    }
    const [decorated, plain] = documents;
    expect(Object.keys(plain.paths)).toEqual(['/orders/{id}', '/orders']);
    expect(decorated).toEqual(plain);
    await receiver.close();
  });

  it('@nestjs/schedule runs decorated methods, whose errors are reported once and handled by it as ever', async () => {
    const runs: string[] = [];
    let done: () => void;
    const ran = new Promise<void>((resolve) => (done = resolve));
    @Injectable()
    class Jobs {
      @CaptureErrors()
      @Tag('job', 'above')
      @Interval('above', 5)
      above(): void {
        this.run('above');
      }

      @Interval('below', 5)
      @Tag('job', 'below')
      @CaptureErrors()
      async below(): Promise<void> {
        await Promise.resolve();
        this.run('below');
      }

      @CaptureErrors()
      @Cron('0 0 1 1 *', { name: 'never' })
      never(): void {}

      private run(name: string): void {
        if (runs.includes(name)) return;
        runs.push(name);
        if (runs.length === 2) done();
        throw new Error(name);
      }
    }
    const receiver = await startReceiver();
    const app = await startApp(receiver, { imports: [ScheduleModule.forRoot()], providers: [Jobs] });
    const registry = app.get(SchedulerRegistry);
    expect(registry.getIntervals().toSorted()).toEqual(['above', 'below']);
    expect([...registry.getCronJobs().keys()]).toEqual(['never']);
    await ran;
    const events = await receiver.waitForEvents(2);
    await app.get(RavenClient).flush(5000);
    await app.close();
    expect(events.map(errorOf).toSorted()).toEqual(['above', 'below']);
    for (const event of events) expect(event.tags).toEqual({ job: errorOf(event) });
    await receiver.close();
  });
});
