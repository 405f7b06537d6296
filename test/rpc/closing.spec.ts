import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxy, ClientsModule, Transport } from '@nestjs/microservices';
import { describe, expect, it } from 'vitest';
import { RavenModule } from 'nestjs-raven';
import { startReceiver } from '../support/receiver';
import { testOptions } from '../support/test-app';

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
