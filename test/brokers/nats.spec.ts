/**
 * @context Microservices: NATS
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
