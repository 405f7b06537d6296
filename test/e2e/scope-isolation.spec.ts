import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Controller, Get, Injectable, Param, type INestApplication } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { RavenClient } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { get, PLATFORMS, startApp } from '../support/test-app';

const REQUESTS = 200;

/** Goes on after the answer of a worker thread that all requests share. */
@Injectable()
class Echo {
  readonly worker = new Worker(
    "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (m) => parentPort.postMessage(m));",
    { eval: true },
  ).setMaxListeners(REQUESTS);

  say(text: string): Promise<string> {
    return new Promise((resolve) => {
      const listen = (answer: string): void => {
        if (answer !== text) return;
        this.worker.off('message', listen);
        resolve(answer);
      };
      this.worker.on('message', listen);
      this.worker.postMessage(text);
    });
  }
}

@Controller()
class WorkController {
  constructor(
    private readonly raven: RavenClient,
    private readonly echo: Echo,
  ) {}

  /** Each step sets something and goes on by another kind of asynchrony. */
  @Get('work/:id')
  async work(@Param('id') id: string): Promise<void> {
    this.raven.userContext({ id });
    await wait(Number(id) % 7);
    this.raven.tagsContext({ timer: id });
    for await (const _ of Readable.from([1, 2])) this.raven.captureBreadcrumb({ message: `stream ${id}` });
    this.raven.tagsContext({ stream: id });

    const emitter = new EventEmitter();
    await new Promise<void>((resolve) => {
      emitter.on('done', () => {
        this.raven.tagsContext({ emitter: id });
        resolve();
      });
      setImmediate(() => emitter.emit('done'));
    });

    await this.echo.say(id);
    this.raven.tagsContext({ worker: id });
    this.raven.extraContext({ id });
    throw new Error(`request ${id}`);
  }
}

describe.each(PLATFORMS)('on %s', (platform) => {
  let receiver: Receiver;
  let app: INestApplication;
  afterEach(async () => {
    await app.get(Echo).worker.terminate();
    await app.close();
    await receiver.close();
  });

  it('200 interleaved requests never see each other', async () => {
    receiver = await startReceiver();
    app = await startApp(receiver, { controllers: [WorkController], providers: [Echo] }, {}, platform);
    const raven = app.get(RavenClient);
    raven.tagsContext({ boot: 'set at bootstrap' });

    // Who asks is in this process too, and its requests are to be nobody's.
    await raven.rootContext.run(() =>
      Promise.all(Array.from({ length: REQUESTS }, (_, id) => get(app, `/work/${id}`))),
    );
    expect(await raven.flush(10_000)).toBe(true);

    expect(receiver.events).toHaveLength(REQUESTS);
    const seen = new Set<string>();
    for (const event of receiver.events) {
      const id = event.user.id as string;
      seen.add(id);
      expect(errorOf(event)).toBe(`request ${id}`);
      expect(event.tags).toEqual({
        boot: 'set at bootstrap',
        timer: id,
        stream: id,
        emitter: id,
        worker: id,
      });
      expect(event.extra).toMatchObject({ id });
      expect(event.request.url).toMatch(new RegExp(`/work/${id}$`));
      expect(event.breadcrumbs.values.map((crumb) => crumb.message)).toEqual([
        `GET /work/${id}`,
        `stream ${id}`,
      ]);
    }
    expect(seen.size).toBe(REQUESTS);
    expect(raven.rootContext.get()).toEqual({ tags: { boot: 'set at bootstrap' } });
    expect(raven.rootContext.breadcrumbs).toEqual([]);
  });
});
