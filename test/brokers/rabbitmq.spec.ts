/**
 * @context Microservices: RabbitMQ
 * @sees handlers, guards, pipes, interceptors, Observables that fail midway, event handlers, controllers in request scope
 * @handled RpcException, HttpException below 500, what a filter of the app names
 * @transaction the pattern: `orders.create`
 * @once message "%s" reports %s, and is answered as without the module
 * @unchanged message "%s" reports %s, and is answered as without the module
 * @isolated 50 concurrent messages never see each other: guards, handlers, Observables, request scope
 * @undone nothing is left on the classes of servers, on the container, or on handlers
 * @within ../rpc/rpc-suite.ts ../rpc/closing.ts
 */
import { Transport } from '@nestjs/microservices';
import { afterAll, beforeAll } from 'vitest';
import { testLinkedTraces } from '../rpc/linked-traces';
import { testTransport, type TransportUnderTest } from '../rpc/rpc-suite';
import { startRabbitmq, type Broker } from '../support/broker';

let broker: Broker | undefined;
let queues = 0;
beforeAll(async () => {
  broker = await startRabbitmq();
});
afterAll(() => broker?.stop());

const transport: TransportUnderTest = {
  name: 'rmq',
  options() {
    queues += 1;
    return Promise.resolve({
      transport: Transport.RMQ,
      options: {
        urls: [`amqp://guest:guest@127.0.0.1:${broker?.port}`],
        queue: `orders-${queues}`,
        queueOptions: { durable: false },
      },
    });
  },
};
testTransport(transport);
testLinkedTraces(transport.name, () => transport.options());
