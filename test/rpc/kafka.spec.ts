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
