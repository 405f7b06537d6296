import { freePort } from '../support/free-port';
import { Transport } from '@nestjs/microservices';
import { testTransport } from './rpc-suite';

testTransport({
  name: 'tcp',
  options: async () => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } }),
});
