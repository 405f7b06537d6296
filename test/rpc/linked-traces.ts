import type { INestApplication, Type } from '@nestjs/common';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientsModule,
  EventPattern,
  MessagePattern,
  type ClientProviderOptions,
  type ClientProxy,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { RavenModule } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { get, testOptions } from '../support/test-app';

@Controller()
class CalledController {
  @MessagePattern('called')
  called(): void {
    throw new Error('called');
  }
  @EventPattern('told')
  told(_data: unknown): void {
    throw new Error('told');
  }
}

function callerModule(receiver: Receiver, transport: MicroserviceOptions): Type {
  @Controller()
  class CallerController {
    constructor(@Inject('CALLED') private readonly client: ClientProxy) {}
    @Get('call')
    async call(): Promise<void> {
      await firstValueFrom(this.client.emit('told', { id: 1 }), { defaultValue: undefined });
      await firstValueFrom(this.client.send('called', { id: 1 }));
    }
  }
  @Module({
    imports: [
      RavenModule.forRoot(testOptions(receiver, { release: 'caller@1' })),
      ClientsModule.register([{ name: 'CALLED', ...transport } as ClientProviderOptions]),
    ],
    controllers: [CallerController],
  })
  class CallerModule {}
  return CallerModule;
}

/** An error of a request and the errors of the messages that the request sends belong to one trace. */
export function testLinkedTraces(name: string, options: () => Promise<MicroserviceOptions>): void {
  describe(`errors between services over ${name}`, () => {
    it('belong to the trace of the request that began it all', async () => {
      const transport = await options();
      const receivers = await Promise.all([startReceiver(), startReceiver()]);
      @Module({
        imports: [RavenModule.forRoot(testOptions(receivers[1]))],
        controllers: [CalledController],
      })
      class CalledModule {}
      const called = await NestFactory.createMicroservice(CalledModule, { ...transport, logger: false });
      await called.listen();
      const caller: INestApplication = await NestFactory.create(callerModule(receivers[0], transport), {
        logger: false,
      });
      await caller.listen(0, '127.0.0.1');

      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const headers = { 'sentry-trace': `${traceId}-b7ad6b7169203331-1` };
      expect((await get(caller, '/call', { headers })).status).toBe(500);
      expect((await get(caller, '/call')).status).toBe(500);
      const [asked, own] = await receivers[0].waitForEvents(2);
      const answered = await receivers[1].waitForEvents(4);

      expect(asked.contexts.trace).toMatchObject({ trace_id: traceId });
      const traces = (message: string): unknown[] =>
        answered.filter((event) => errorOf(event) === message).map(({ contexts }) => contexts.trace);
      for (const message of ['called', 'told']) {
        expect(traces(message)).toHaveLength(2);
        expect(traces(message)).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ trace_id: traceId, parent_span_id: asked.contexts.trace.span_id }),
            expect.objectContaining({
              trace_id: own.contexts.trace.trace_id,
              parent_span_id: own.contexts.trace.span_id,
            }),
          ]),
        );
      }
      const { headers: envelope } = receivers[1].envelopes.find(
        ({ headers: { trace } }) =>
          (trace as { trace_id?: string } | undefined)?.trace_id === own.contexts.trace.trace_id,
      ) as { headers: Record<string, unknown> };
      expect(envelope.trace).toMatchObject({ release: 'caller@1', public_key: 'public' });

      await caller.close();
      await called.close();
      await Promise.all(receivers.map((receiver) => receiver.close()));
    });
  });
}
