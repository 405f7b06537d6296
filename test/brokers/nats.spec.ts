import { Transport } from '@nestjs/microservices';
import { afterAll } from 'vitest';
import { testLinkedTraces } from '../rpc/linked-traces';
import { testTransport, type TransportUnderTest } from '../rpc/rpc-suite';
import { startNats, type Broker } from '../support/broker';

const brokers: Broker[] = [];
afterAll(() => Promise.all(brokers.map((broker) => broker.stop())));

const transport: TransportUnderTest = {
  name: 'nats',
  async options() {
    const broker = await startNats();
    brokers.push(broker);
    return { transport: Transport.NATS, options: { servers: [`nats://127.0.0.1:${broker.port}`] } };
  },
};
testTransport(transport);
testLinkedTraces(transport.name, () => transport.options());
