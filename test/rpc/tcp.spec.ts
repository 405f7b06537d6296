import { freePort } from '../support/free-port';
import { Transport } from '@nestjs/microservices';
import { testLinkedTraces } from './linked-traces';
import { testTransport, type TransportUnderTest } from './rpc-suite';

const transport: TransportUnderTest = {
  name: 'tcp',
  options: async () => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } }),
};
testTransport(transport);
testLinkedTraces(transport.name, () => transport.options());
