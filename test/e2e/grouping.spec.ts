import { Controller, Get, Param, type INestApplication } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fingerprint, RavenClient, Tag } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../support/receiver';
import { get, PLATFORMS, startApp } from '../support/test-app';

@Controller('orders')
class OrdersController {
  constructor(private readonly raven: RavenClient) {}

  @Get('late/:id')
  late(@Param('id') id: string): void {
    this.raven.flag(`order-${id}`, true);
    throw new RangeError(`order ${id} of 'bob' is late`);
  }

  @Get('lost/:id')
  @Tag('plan', 'pro')
  @Fingerprint('{{default}}', '{{ tags.plan }}', '{{ transaction }}')
  lost(): void {
    throw new Error('lost');
  }
}

describe.each(PLATFORMS)('errors of an app on %s', (platform) => {
  let receiver: Receiver;
  let app: INestApplication;

  beforeEach(async () => {
    receiver = await startReceiver();
    app = await startApp(receiver, { controllers: [OrdersController] }, { groupMessages: true }, platform);
  });
  afterEach(async () => {
    await app.close();
    await receiver.close();
  });

  it('are one issue where their texts differ only in ids, with groupMessages', async () => {
    await get(app, '/orders/late/5');
    await get(app, '/orders/late/5d3f8a91');
    const events = await receiver.waitForEvents(2);
    for (const { fingerprint } of events)
      expect(fingerprint).toEqual(['RangeError', "order # of '#' is late"]);
  });

  it('are grouped by what placeholders of a decorator stand for', async () => {
    await get(app, '/orders/lost/5');
    const [event] = await receiver.waitForEvents(1);
    expect(event.fingerprint).toEqual(['{{ default }}', 'pro', 'GET /orders/lost/:id']);
  });

  it('carry the feature flags of their own request', async () => {
    app.get(RavenClient).flag('boot', 'on');
    await Promise.all([get(app, '/orders/late/1'), get(app, '/orders/late/2')]);
    const events = await receiver.waitForEvents(2);
    const flags = events.map((event) => event.contexts.flags.values);
    const boot = { flag: 'boot', result: 'on' };
    expect(flags).toHaveLength(2);
    expect(flags).toContainEqual([boot, { flag: 'order-1', result: true }]);
    expect(flags).toContainEqual([boot, { flag: 'order-2', result: true }]);
  });
});
