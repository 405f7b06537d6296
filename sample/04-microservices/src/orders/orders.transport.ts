import { Transport } from '@nestjs/microservices';

/** Where the orders service is, for itself and for its clients: at the NATS that `NATS_URL` names, else on TCP. */
export function ordersTransport() {
  const { NATS_URL, ORDERS_PORT = '3001' } = process.env;
  if (NATS_URL) {
    return { transport: Transport.NATS as const, options: { servers: [NATS_URL], queue: 'orders' } };
  }
  return { transport: Transport.TCP as const, options: { host: '127.0.0.1', port: Number(ORDERS_PORT) } };
}
