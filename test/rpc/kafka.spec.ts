/**
 * @context Microservices: Kafka (Nest's server and client on a stand-in for the broker)
 * @sees handlers, guards, pipes, interceptors, Observables that fail midway, event handlers, controllers in request scope
 * @handled RpcException, HttpException below 500, what a filter of the app names
 * @transaction the pattern: `orders.create`
 * @once message "%s" reports %s, and is answered as without the module
 * @unchanged message "%s" reports %s, and is answered as without the module
 * @isolated 50 concurrent messages never see each other: guards, handlers, Observables, request scope
 * @undone nothing is left on the classes of servers, on the container, or on handlers
 * @within rpc-suite.ts closing.ts
 */
import type { ClientProxy } from '@nestjs/microservices';
import { KafkaStandIn, StandInClient, StandInServer } from './kafka-stand-in';
import { testTransport } from './rpc-suite';

const brokers = new WeakMap<object, KafkaStandIn>();

testTransport({
  name: 'kafka',
  options() {
    const broker = new KafkaStandIn();
    const options = { strategy: new StandInServer(broker) };
    brokers.set(options, broker);
    return Promise.resolve(options);
  },
  client: (options) =>
    new StandInClient({ broker: brokers.get(options) as KafkaStandIn }) as unknown as ClientProxy,
});
