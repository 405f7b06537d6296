import { Transport } from '@nestjs/microservices';
import { afterAll } from 'vitest';
import { testLinkedTraces } from '../rpc/linked-traces';
import { testTransport, type TransportUnderTest } from '../rpc/rpc-suite';
import { startRedis, type Broker } from '../support/broker';

// Redis has no names of its own for apps: each has a server.
const brokers: Broker[] = [];
afterAll(() => Promise.all(brokers.map((broker) => broker.stop())));

const transport: TransportUnderTest = {
  name: 'redis',
  async options() {
    const broker = await startRedis();
    brokers.push(broker);
    return { transport: Transport.REDIS, options: { host: '127.0.0.1', port: broker.port } };
  },
};
testTransport(transport);
testLinkedTraces(transport.name, () => transport.options());
