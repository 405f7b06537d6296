import { createServer, type AddressInfo } from 'node:net';
import { Transport } from '@nestjs/microservices';
import { testTransport } from './rpc-suite';

/** A port of loopback that is free now; Nest's TCP server does not say which one it was given. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

testTransport({
  name: 'tcp',
  options: async () => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } }),
});
