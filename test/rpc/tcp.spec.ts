/**
 * @context Microservices: TCP
 * @sees handlers, guards, pipes, interceptors, Observables that fail midway, event handlers, controllers in request scope
 * @handled RpcException, HttpException below 500, what a filter of the app names
 * @transaction the pattern: `orders.create`
 * @once message "%s" reports %s, and is answered as without the module
 * @unchanged message "%s" reports %s, and is answered as without the module
 * @isolated 50 concurrent messages never see each other: guards, handlers, Observables, request scope
 * @undone nothing is left on the classes of servers, on the container, or on handlers
 * @within rpc-suite.ts closing.ts
 */
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
