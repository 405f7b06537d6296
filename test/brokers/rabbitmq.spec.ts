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
