import { Transport } from '@nestjs/microservices';

/** Where the payments service is, for itself and for its clients: at the RabbitMQ that `RABBITMQ_URL` names, else on TCP. */
export function paymentsTransport() {
  const { RABBITMQ_URL, PAYMENTS_PORT = '3002' } = process.env;
  if (RABBITMQ_URL) {
    return {
      transport: Transport.RMQ as const,
      options: { urls: [RABBITMQ_URL], queue: 'payments', queueOptions: { durable: false } },
    };
  }
  return { transport: Transport.TCP as const, options: { host: '127.0.0.1', port: Number(PAYMENTS_PORT) } };
}
