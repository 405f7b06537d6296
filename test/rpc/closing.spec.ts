import { ModulesContainer } from '@nestjs/core';
import {
  Server,
  ServerGrpc,
  ServerKafka,
  Transport,
  ClientProxy,
  ClientsModule,
} from '@nestjs/microservices';
import { Module, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { RavenModule } from 'nestjs-raven';
import { freePort } from '../support/free-port';
import { startReceiver } from '../support/receiver';
import { testOptions } from '../support/test-app';
import { APP_FORMS, rpcModule, startRpc } from './rpc-app';

const SERVERS = [Server, ServerGrpc, ServerKafka].map(({ prototype }) => prototype as object);
const addHandlers = (): unknown[] =>
  SERVERS.map((prototype) => Object.getOwnPropertyDescriptor(prototype, 'addHandler')?.value);

describe.each(APP_FORMS)('after a %s app is closed', (form) => {
  it('nothing is left on the classes of servers, on the container, or on handlers', async () => {
    const receiver = await startReceiver();
    const before = addHandlers();
    const module = rpcModule(receiver);
    const start = async (): Promise<INestApplicationContext> =>
      startRpc(
        form,
        { transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } },
        module,
      );
    const first = await start();
    const second = await start();
    const containers = [first, second].map((app) => app.get(ModulesContainer));
    const prototypes = [...containers[0].values()]
      .flatMap(({ controllers }) => [...controllers.values()])
      .map(({ metatype }) => (metatype as Type).prototype as Record<string, object>);
    const marks = (): unknown[] =>
      prototypes.flatMap((prototype) =>
        Object.getOwnPropertyNames(prototype).map((name) =>
          Reflect.getOwnMetadata('__exceptionFilters__', prototype[name]),
        ),
      );
    expect(addHandlers()).not.toEqual(before);

    await first.close();
    expect(addHandlers()).not.toEqual(before);
    expect(Object.hasOwn(containers[0], 'forEach')).toBe(false);
    expect(Object.hasOwn(containers[1], 'forEach')).toBe(true);
    await second.close();
    expect(addHandlers()).toEqual(before);
    expect(Object.hasOwn(containers[1], 'forEach')).toBe(false);
    // What is left are the filters of the app's own.
    expect(marks().filter(Boolean)).toHaveLength(4);
    await receiver.close();
  });
});

describe('a client of microservices', () => {
  it('is as it was after its app is closed', async () => {
    const receiver = await startReceiver();
    @Module({
      imports: [
        RavenModule.forRoot(testOptions(receiver)),
        ClientsModule.register([{ name: 'TCP', transport: Transport.TCP, options: { port: 1 } }]),
      ],
    })
    class ClientModule {}
    const app = await NestFactory.createApplicationContext(ClientModule, { logger: false });
    const client = app.get<ClientProxy>('TCP') as unknown as { onDispatchHook?: unknown };
    expect(client.onDispatchHook).toBeTypeOf('function');
    await app.close();
    expect(client.onDispatchHook).toBeUndefined();
    await receiver.close();
  });
});
