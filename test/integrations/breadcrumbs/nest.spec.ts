import { channel } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import {
  ConsoleLogger,
  Controller,
  Get,
  Injectable,
  Logger,
  Param,
  type INestApplication,
} from '@nestjs/common';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, type RavenOptions } from 'nestjs-raven';
import { startReceiver, type Receiver, type ReceivedEvent } from '../../support/receiver';
import { get, PLATFORMS, startApp, type Platform } from '../../support/test-app';
import { quietConsole } from './quiet-console';

const shop = createServer((request, response) => {
  setTimeout(() => response.end(request.url), Math.random() * 5);
});
let origin = '';
let receiver: Receiver;
let apps: INestApplication[] = [];

beforeEach(async () => {
  quietConsole();
  shop.listen(0, '127.0.0.1');
  await once(shop, 'listening');
  origin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  receiver = await startReceiver();
});
afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  apps = [];
  shop.closeAllConnections();
  await new Promise((resolve) => shop.close(resolve));
  await receiver.close();
});

@Controller()
class OrdersController {
  private readonly logger = new Logger('Orders');

  constructor(private readonly events: EventEmitter2) {}

  @Get('work/:id')
  async work(@Param('id') id: string): Promise<void> {
    console.log('look for', { id });
    await axios.get(`${origin}/axios/${id}`);
    this.logger.warn(`no order ${id} yet`);
    await (await fetch(`${origin}/fetch/${id}`)).text();
    this.events.emit(`looked.${id}`, { secret: 'payload' });
    throw new Error(id);
  }
}

@Injectable()
class Listeners {
  readonly seen: unknown[] = [];

  @OnEvent('looked.*')
  onLooked(payload: unknown): void {
    this.seen.push(payload);
  }
}

/** Its lines go nowhere. */
class SilentLogger extends ConsoleLogger {
  protected override printMessages(): void {}
}

async function start(options: RavenOptions = {}, platform?: Platform): Promise<INestApplication> {
  const parts = {
    imports: [EventEmitterModule.forRoot({ wildcard: true })],
    controllers: [OrdersController],
    providers: [Listeners],
  };
  const app = await startApp(receiver, parts, options, platform);
  app.useLogger(new SilentLogger());
  apps.push(app);
  return app;
}

const storyOf = (event: ReceivedEvent): unknown[] =>
  event.breadcrumbs.values.map(({ category, message, data }) => [
    category,
    message ?? (data as { url: string }).url,
  ]);

const story = (id: string | number): unknown[] => [
  ['request', `GET /work/${id}`],
  ['console', `look for { id: '${id}' }`],
  ['http', `${origin}/axios/${id}`],
  ['Orders', `no order ${id} yet`],
  ['http', `${origin}/fetch/${id}`],
  ['event', `looked.${id}`],
];

describe.each(PLATFORMS)('a request on %s', (platform) => {
  it('that fails tells its whole story, in order', async () => {
    const app = await start({}, platform);
    await get(app, '/work/7?page=2&token=hunter2#top');
    const [event] = await receiver.waitForEvents(1);
    expect(storyOf(event)).toEqual(story(7));
    expect(event.breadcrumbs.values[0]).toMatchObject({
      type: 'http',
      level: 'info',
      data: { method: 'GET', url: expect.stringMatching(/^\/work\/7\?page=2&token=[^h]*$/) },
    });
    const times = event.breadcrumbs.values.map(({ timestamp }) => timestamp as number);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(JSON.stringify(event.breadcrumbs)).not.toMatch(/hunter2|payload/);
    expect(app.get(Listeners).seen).toEqual([{ secret: 'payload' }]);
  });

  it('tells nobody else’s, while fifty run and events flow', async () => {
    const app = await start({}, platform);
    const { rootContext } = app.get(RavenClient);
    // Who asks is in this process too, and its requests are to be nobody's.
    await rootContext.run(() => Promise.all(Array.from({ length: 50 }, (_, id) => get(app, `/work/${id}`))));
    const events = await receiver.waitForEvents(50);
    for (const event of events) expect(storyOf(event)).toEqual(story(event.exception.values[0].value));
    expect(new Set(events.map((event) => event.exception.values[0].value)).size).toBe(50);
    expect(rootContext.breadcrumbs).toEqual([]);
  });
});

describe('breadcrumbs of an app', () => {
  it.each<[keyof Exclude<RavenOptions['breadcrumbSources'], false | undefined>, string[]]>([
    ['console', ['console']],
    ['logger', ['Orders']],
    ['request', ['request']],
    ['http', ['http', 'http']],
    ['events', ['event']],
  ])('of "%s" are there unless that is switched off', async (source, categories) => {
    const all = ['request', 'console', 'http', 'Orders', 'http', 'event'];
    const app = await start({ breadcrumbSources: { [source]: false } });
    await get(app, '/work/1');
    const [event] = await receiver.waitForEvents(1);
    expect(event.breadcrumbs.values.map(({ category }) => category)).toEqual(
      all.filter((category) => !categories.includes(category)),
    );
  });

  it.each<RavenOptions>([{ breadcrumbSources: false }, { enableBreadcrumbs: false }])(
    'are none with %j',
    async (options) => {
      const app = await start(options);
      await get(app, '/work/1');
      const [event] = await receiver.waitForEvents(1);
      expect(event).not.toHaveProperty('breadcrumbs');
    },
  );

  it('come after those of its bootstrap, and within maxBreadcrumbs', async () => {
    const app = await start({ maxBreadcrumbs: 3, breadcrumbSources: { events: false, http: false } });
    app.get(RavenClient).captureBreadcrumb({ message: 'booted' });
    await get(app, '/nowhere');
    await get(app, '/work/1');
    const [event] = await receiver.waitForEvents(1);
    expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual([
      'GET /work/1',
      "look for { id: '1' }",
      'no order 1 yet',
    ]);
  });

  it('pass beforeBreadcrumb, the request’s line too', async () => {
    const app = await start({
      beforeBreadcrumb: (crumb) => (crumb.category === 'request' ? { ...crumb, message: 'changed' } : null),
    });
    await get(app, '/work/1');
    const [event] = await receiver.waitForEvents(1);
    expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual(['changed']);
  });

  it('of events go to its own clients only, those of the process to both', async () => {
    const [first, second] = [await start(), await start()];
    const client = second.get(RavenClient);
    first.get(EventEmitter2).emit('alone');
    console.log('together');
    const categories = (app: INestApplication): (string | null)[] =>
      app.get(RavenClient).context.breadcrumbs.map(({ category }) => category);
    expect(categories(first)).toEqual(expect.arrayContaining(['event', 'console']));
    expect(categories(second)).toEqual(expect.arrayContaining(['console']));
    expect(categories(second)).not.toContain('event');
    await first.close();
    apps = [second];
    await get(second, '/work/1');
    const [event] = await receiver.waitForEvents(1);
    expect(storyOf(event).slice(-6)).toEqual(story(1));
    expect(client.isEnabled()).toBe(true);
  });

  it('leave no trace once it is closed', async () => {
    const channels = ['http.client.request.start', 'undici:request:create', 'console.log'];
    const state = (): unknown[] => [
      Object.getOwnPropertyDescriptors(console),
      ...['isBufferAttached', 'logBuffer'].map((name) => Object.getOwnPropertyDescriptor(Logger, name)),
      ...channels.map((name) => channel(name).hasSubscribers),
    ];
    const before = state();
    const app = await start();
    expect(state()).not.toEqual(before);
    await get(app, '/work/1');
    await app.close();
    apps = [];
    expect(state()).toEqual(before);
  });
});
