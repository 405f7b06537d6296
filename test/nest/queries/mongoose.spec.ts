import { Controller, Get, Inject, Module, Param, type INestApplication } from '@nestjs/common';
import mongoose, { Schema, type Connection } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule } from 'nestjs-raven';
import { startMongo, type MongoStandIn } from '../../support/mongo-stand-in';
import { errorOf, startReceiver, type ReceivedEvent, type Receiver } from '../../support/receiver';
import { get, startModule, testOptions } from '../../support/test-app';

const OFF = { console: false, logger: false, request: false, http: false, events: false };

interface User {
  _id: string;
  email: string;
}

@Controller()
class Users {
  constructor(@Inject('connection') private readonly connection: Connection) {}

  private get users(): mongoose.Model<User> {
    return this.connection.models.User as mongoose.Model<User>;
  }

  @Get('story/:id')
  async story(@Param('id') id: string): Promise<void> {
    await this.users.create({ _id: id, email: 'secret' });
    await this.users.find({ email: 'secret', $or: [{ _id: id }] });
    await this.users.findOne({ email: 'secret' });
    await this.users.aggregate([{ $match: { email: 'secret' } }, { $sort: { email: 1 } }]);
    await this.users.create({ _id: id, email: 'secret' });
  }

  @Get('find')
  async find(): Promise<void> {
    await this.users.find({ email: 'secret' });
  }

  @Get('alone/:id')
  async alone(@Param('id') id: string): Promise<void> {
    await this.users.find({ [`of_${id}`]: 'secret' });
    await this.users.findOne({ [`of_${id}`]: 'secret' });
    throw new Error(`alone ${id}`);
  }
}

let mongo: MongoStandIn;
let receiver: Receiver;
let connection: Connection;
const apps: INestApplication[] = [];

beforeEach(async () => {
  [mongo, receiver] = [await startMongo(), await startReceiver()];
  connection = mongoose.createConnection(mongo.url, { serverSelectionTimeoutMS: 5000 });
  await connection.asPromise();
  connection.model('User', new Schema<User>({ _id: String, email: String }));
});
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
  await connection.close();
  await Promise.all([mongo.close(), receiver.close()]);
});

async function start(sources: false | { queries: boolean } = { queries: true }): Promise<INestApplication> {
  const breadcrumbSources = sources && { ...OFF, ...sources };
  @Module({
    imports: [RavenModule.forRoot(testOptions(receiver, { breadcrumbSources }))],
    controllers: [Users],
    providers: [{ provide: 'connection', useFactory: () => connection }],
  })
  class AppModule {}
  const app = await startModule(AppModule);
  apps.push(app);
  return app;
}

function listeners(): number {
  return connection.listenerCount('operation-start') + connection.listenerCount('operation-end');
}

function crumbsOf(event: ReceivedEvent): unknown[] {
  return event.breadcrumbs.values.map(({ timestamp: _, ...crumb }) => crumb);
}

describe('queries through a connection of mongoose', () => {
  it('are told in the order they began, by the names of their fields', async () => {
    const app = await start();
    await get(app, '/story/7');
    const [event] = await receiver.waitForEvents(1);
    const duration = expect.any(Number) as number;
    const common = { type: 'query', category: 'query', level: 'info' };
    expect(crumbsOf(event)).toEqual([
      {
        ...common,
        message: 'users.insertOne',
        data: { db: 'mongodb', duration, fields: ['_id', 'email', '__v'] },
      },
      { ...common, message: 'users.find', data: { db: 'mongodb', duration, fields: ['$or', 'email'] } },
      { ...common, message: 'users.findOne', data: { db: 'mongodb', duration, fields: ['email'] } },
      {
        ...common,
        message: 'users.aggregate',
        data: { db: 'mongodb', duration, fields: ['$match', '$sort'] },
      },
      {
        ...common,
        level: 'error',
        message: 'users.insertOne',
        data: { db: 'mongodb', duration, fields: ['_id', 'email', '__v'], error: '11000' },
      },
    ]);
    expect(JSON.stringify(event.breadcrumbs)).not.toContain('secret');
  });

  it('that the server refuses before a cursor is open are at level error', async () => {
    const app = await start();
    mongo.failNext('find', { code: 13, errmsg: 'not for "secret"' });
    await get(app, '/find');
    const [event] = await receiver.waitForEvents(1);
    expect(crumbsOf(event)).toMatchObject([{ message: 'users.find', level: 'error' }]);
  });

  it('belong to the request they were made in', async () => {
    const app = await start();
    const ids = Array.from({ length: 20 }, (_, index) => String(index));
    await Promise.all(ids.map((id) => get(app, `/alone/${id}`)));
    const events = await receiver.waitForEvents(ids.length);
    for (const event of events) {
      const field = `of_${errorOf(event)?.slice('alone '.length)}`;
      const seen = event.breadcrumbs.values.map(({ message, data }) => [
        message,
        (data as { fields: unknown }).fields,
      ]);
      expect(seen).toEqual([
        ['users.find', [field]],
        ['users.findOne', [field]],
      ]);
    }
  });

  it.each([false, { queries: false }] as const)(
    'leave no crumb with breadcrumbSources %j',
    async (sources) => {
      const app = await start(sources);
      await get(app, '/story/7');
      const [event] = await receiver.waitForEvents(1);
      expect(event.breadcrumbs).toBeUndefined();
      expect(listeners()).toBe(0);
    },
  );

  it('leave none in a context that is not active', async () => {
    const app = await start();
    const client = app.get(RavenClient);
    client.rootContext.deactivate();
    await connection.models.User.findOne({ email: 'secret' });
    expect(client.rootContext.breadcrumbs).toEqual([]);
  });

  it('go on being heard by what the app listens with', async () => {
    const heard: unknown[] = [];
    connection.set('debug', (...call: unknown[]) => heard.push(call.slice(0, 2)));
    const app = await start();
    await get(app, '/find');
    expect(heard).toEqual([['users', 'find']]);
  });
});

it('a connection is as it was once the app is closed', async () => {
  const app = await start();
  expect(listeners()).toBe(2);
  await app.close();
  expect(listeners()).toBe(0);
  expect(await connection.models.User.find({ email: 'secret' })).toEqual([]);
});

it('two apps on one connection keep their queries apart, and one that closes leaves the other its crumbs', async () => {
  const [one, other] = [await start(), await start()];
  expect(listeners()).toBe(4);
  await one.close();
  await get(other, '/alone/5');
  const [event] = await receiver.waitForEvents(1);
  expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual(['users.find', 'users.findOne']);
});
