import { EventEmitter } from 'node:events';
import { Inject, Injectable, Module, type INestApplicationContext, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RavenClient, RavenModule, RecordingTransport, type RavenOptions } from 'nestjs-raven';

// The libraries themselves are met by mongoose.spec.ts and by `npm run check:databases`; here are the shapes alone.

interface Subscriber {
  beforeQuery?(event: unknown): void;
  afterQuery?(event: unknown): void;
}

/** A data source as TypeORM's looks; its drivers call back wherever the test says. */
class DataSource {
  subscribers: Subscriber[] = [];
  readonly options = { type: 'mysql' };
  createQueryRunner(): object {
    return {};
  }
  getRepository(): void {}
  destroy(): void {}

  begin(queryRunner: object, query: unknown, parameters?: unknown): void {
    for (const subscriber of this.subscribers) subscriber.beforeQuery?.({ queryRunner, query, parameters });
  }
  end(queryRunner: object, query: unknown, parameters?: unknown, outcome: object = { success: true }): void {
    for (const subscriber of this.subscribers) {
      subscriber.afterQuery?.({ queryRunner, query, parameters, ...outcome });
    }
  }
}

/** A client as Prisma's looks, native or not. */
class PrismaClient extends EventEmitter {
  $on(event: string, listener: (event: unknown) => void): this {
    return this.on(event, listener);
  }
  $connect(): void {}
  $disconnect(): void {}
  $transaction(): void {}
}

let transport: RecordingTransport;
const apps: INestApplicationContext[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

async function start(provider: object, options: RavenOptions = {}): Promise<RavenClient> {
  transport = new RecordingTransport();
  @Module({
    imports: [
      RavenModule.forRoot({
        dsn: 'http://public@localhost/1',
        transport,
        installProcessHandlers: false,
        includeVersions: false,
        breadcrumbSources: { console: false, logger: false, request: false, http: false, events: false },
        ...options,
      }),
    ],
    providers: [{ provide: 'database', useFactory: () => provider }],
  })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  apps.push(app);
  return app.get(RavenClient);
}

/** The crumbs that an event captured now has. */
function crumbs(client: RavenClient): { level?: unknown; message?: unknown; data?: unknown }[] {
  client.captureMessage('now');
  return transport.events.at(-1)?.breadcrumbs?.values ?? [];
}

const anyDuration = expect.any(Number) as number;

describe('queries through a data source of TypeORM', () => {
  it('are told without values, with their rows and how long they took', async () => {
    const source = new DataSource();
    const client = await start(source);
    const runner = {};
    source.begin(runner, "SELECT * FROM users WHERE email = 'bob' AND id = $1", ['7']);
    source.end(runner, "SELECT * FROM users WHERE email = 'bob' AND id = $1", ['7'], {
      success: true,
      rawResults: [1, 2],
    });
    expect(crumbs(client)).toMatchObject([
      {
        type: 'query',
        category: 'query',
        level: 'info',
        message: 'SELECT * FROM users WHERE email = ? AND id = $1',
        data: { db: 'mysql', duration: anyDuration, rows: 2 },
      },
    ]);
  });

  it('that failed tell the code of the error, never its message', async () => {
    const source = new DataSource();
    const client = await start(source);
    const error = Object.assign(new Error("Duplicate entry 'bob' for key"), { code: 'ER_DUP_ENTRY' });
    for (const failure of [error, new TypeError('bob'), 'bob']) {
      source.begin(source, 'COMMIT');
      source.end(source, 'COMMIT', undefined, { success: false, error: failure });
    }
    expect(crumbs(client).map(({ level, data }) => [level, (data as { error: unknown }).error])).toEqual([
      ['error', 'ER_DUP_ENTRY'],
      ['error', 'TypeError'],
      ['error', 'string'],
    ]);
  });

  it('belong to where they began, wherever the driver calls back', async () => {
    const source = new DataSource();
    const client = await start(source);
    const runner = {};
    await Promise.all(
      ['a', 'b'].map((name) =>
        client.context.run(async () => {
          const parameters = [name];
          source.begin(runner, 'SELECT $1', parameters);
          await Promise.resolve();
          const elsewhere = client.context.enter();
          source.end(runner, 'SELECT $1', parameters, { success: true, rawResults: Array.from(name) });
          elsewhere[Symbol.dispose]();
          expect(client.context.breadcrumbs).toMatchObject([{ message: 'SELECT $1', data: { rows: 1 } }]);
        }),
      ),
    );
    expect(crumbs(client)).toEqual([]);
  });

  it('of a driver that changes the parameters on the way are told in the order they began', async () => {
    const source = new DataSource();
    const client = await start(source);
    for (const _ of [1, 2]) source.begin(source, 'SELECT ?', [undefined]);
    for (const rows of [1, 2]) {
      source.end(source, 'SELECT ?', [null], { success: true, rawResults: { rowCount: rows } });
    }
    expect(crumbs(client)).toMatchObject([{ data: { rows: 1 } }, { data: { rows: 2 } }]);
  });

  it('of which the end is never told are forgotten', async () => {
    const source = new DataSource();
    const client = await start(source);
    for (let count = 0; count < 200; count++) source.begin(source, `RELEASE s${count}`);
    source.end(source, 'RELEASE s0');
    source.end(source, 'RELEASE s199');
    source.end({}, 'RELEASE s198');
    expect(crumbs(client)).toMatchObject([{ message: 'RELEASE s199' }]);
  });

  it('of megabytes are kept in part', async () => {
    const source = new DataSource();
    const client = await start(source);
    const query = `INSERT INTO t VALUES ('${'x'.repeat(3_000_000)}')`;
    source.begin(source, query);
    source.end(source, query);
    expect(client.context.breadcrumbs[0].message).toHaveLength(2048);
    expect(crumbs(client)).toMatchObject([{ message: 'INSERT INTO t VALUES (?...' }]);
  });

  it('are seen where the source connects in a hook of the app', async () => {
    const source = new DataSource();
    transport = new RecordingTransport();
    @Injectable()
    class Connecting implements OnModuleInit {
      constructor(@Inject('source') private readonly made: DataSource) {}
      onModuleInit(): void {
        this.made.subscribers = [];
      }
    }
    @Module({
      imports: [
        RavenModule.forRoot({
          dsn: 'http://public@localhost/1',
          transport,
          installProcessHandlers: false,
          breadcrumbSources: { console: false, logger: false },
        }),
      ],
      providers: [{ provide: 'source', useValue: source }, Connecting],
    })
    class AppModule {}
    apps.push(await NestFactory.createApplicationContext(AppModule, { logger: false }));
    expect(source.subscribers).toHaveLength(1);
  });

  it('leave the subscribers of the app alone, and on close go without a trace', async () => {
    const source = new DataSource();
    const own = { afterQuery: vi.fn() };
    source.subscribers.push(own);
    await start(source);
    source.subscribers.push({});
    source.begin(source, 'COMMIT');
    source.end(source, 'COMMIT');
    expect(own.afterQuery).toHaveBeenCalledTimes(1);
    expect(source.subscribers).toHaveLength(3);
    await apps.splice(0)[0].close();
    expect(source.subscribers).toEqual([own, {}]);
  });
});

describe('queries through a client of Prisma', () => {
  it('are told where its engine keeps the async context', async () => {
    const prisma = new PrismaClient();
    const client = await start(prisma);
    const query = 'SELECT "public"."User"."id" FROM "public"."User" WHERE 1=1';
    prisma.emit('query', { query, params: '["bob"]', duration: 12.34, target: 'ClientEngine' });
    prisma.emit('query', { query, params: '["bob"]', duration: 1, target: 'quaint::connector::metrics' });
    expect(crumbs(client)).toMatchObject([
      {
        type: 'query',
        level: 'info',
        message: 'SELECT "public"."User"."id" FROM "public"."User" WHERE ?=?',
        data: { duration: 12.3 },
      },
    ]);
  });

  it('that failed are told by their name', async () => {
    const prisma = new PrismaClient();
    const client = await start(prisma);
    prisma.emit('error', { target: 'user.create', message: 'Unique constraint failed: bob' });
    expect(crumbs(client)).toMatchObject([{ level: 'error', message: 'user.create', data: {} }]);
    expect(JSON.stringify(crumbs(client))).not.toContain('bob');
  });

  it('to MongoDB are told by their call alone', async () => {
    const prisma = new PrismaClient();
    const client = await start(prisma);
    const query = 'db.users.aggregate([{ $match: { email: "bob" } }])';
    prisma.emit('query', { query, duration: 1, target: 'ClientEngine' });
    expect(crumbs(client)).toMatchObject([{ message: 'db.users.aggregate' }]);
  });

  it('are no longer looked at once the app is closed', async () => {
    const prisma = new PrismaClient();
    await start(prisma);
    await apps.splice(0)[0].close();
    const target = vi.fn();
    const event = Object.defineProperty({ query: 'COMMIT' }, 'target', { get: target });
    for (const name of ['query', 'error']) prisma.emit(name, event);
    expect(target).not.toHaveBeenCalled();
  });
});

describe('objects that only look like a database', () => {
  const throwing = (): never => {
    throw new Error('hostile');
  };
  // Nest itself reads some properties of every provider.
  const answersAll: object = new Proxy(
    {},
    {
      has: () => true,
      get: (_target, key) => (/^(\$on|on|createQueryRunner)$/.test(String(key)) ? throwing() : undefined),
    },
  );
  it.each<[string, object]>([
    ['a proxy that throws', answersAll],
    [
      'a data source whose list cannot grow',
      Object.assign(new DataSource(), { subscribers: Object.freeze([]) }),
    ],
    ['a client whose $on throws', Object.assign(new PrismaClient(), { $on: throwing })],
    [
      'a connection whose on throws',
      { on: throwing, off: throwing, once: throwing, model: throwing, collection: throwing, useDb: throwing },
    ],
  ])('do not keep the app from starting or closing: %s', async (_name, provider) => {
    const client = await start(provider);
    expect(client.isEnabled()).toBe(true);
    await expect(apps.splice(0)[0].close()).resolves.toBeUndefined();
  });

  it('are harmless where their events are no events', async () => {
    const source = new DataSource();
    const prisma = new PrismaClient();
    const connection = Object.assign(new EventEmitter(), {
      model: throwing,
      collection: throwing,
      useDb: throwing,
    });
    const clients = [await start(source), await start(prisma), await start(connection)];
    const hostile = new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing });
    for (const event of [undefined, null, 1, 'x', {}, [], hostile, { _id: {}, params: [hostile] }]) {
      for (const subscriber of source.subscribers) {
        subscriber.beforeQuery?.(event);
        subscriber.afterQuery?.(event);
      }
      source.begin(source, event);
      source.end(source, event);
      for (const name of ['query', 'error']) prisma.emit(name, event);
      for (const name of ['operation-start', 'operation-end']) connection.emit(name, event);
    }
    expect(clients.flatMap((client) => client.context.breadcrumbs)).toMatchObject([{ message: 'x' }]);
  });
});
