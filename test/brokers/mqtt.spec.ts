import { Transport } from '@nestjs/microservices';
import { afterAll } from 'vitest';
import { testLinkedTraces } from '../rpc/linked-traces';
import { testTransport, type TransportUnderTest } from '../rpc/rpc-suite';
import { startMosquitto, type Broker } from '../support/broker';

const brokers: Broker[] = [];
afterAll(() => Promise.all(brokers.map((broker) => broker.stop())));

const transport: TransportUnderTest = {
  name: 'mqtt',
  async options() {
    const broker = await startMosquitto();
    brokers.push(broker);
    return {
      transport: Transport.MQTT,
      options: { url: `mqtt://127.0.0.1:${broker.port}`, protocolVersion: 5 },
    };
  },
};
testTransport(transport);
testLinkedTraces(transport.name, () => transport.options());
