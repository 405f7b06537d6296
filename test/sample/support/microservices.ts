import { join } from 'node:path';
import type { INestApplication, INestMicroservice, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { RavenClient } from 'nestjs-raven';
import { ROOT } from './samples';

/** The three services of the sample, running in this process. */
export interface Services {
  /** The gateway's port. */
  port: number;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const SOURCES = join(ROOT, 'sample/04-microservices/src');

/** Starts the services of the sample, by the environment as it is. */
export async function startServices(): Promise<Services> {
  const payments = await startService('payments/payments', 'PaymentsModule', 'paymentsTransport');
  const orders = await startService('orders/orders', 'OrdersModule', 'ordersTransport');
  const { GatewayModule } = (await import(join(SOURCES, 'gateway/gateway.module.ts'))) as {
    GatewayModule: Type;
  };
  const gateway: INestApplication = await NestFactory.create(GatewayModule, { logger: false });
  await gateway.listen(0, '127.0.0.1');
  const all = [gateway, orders, payments];
  return {
    port: Number(new URL(await gateway.getUrl()).port),
    flush: async () => void (await Promise.all(all.map((app) => app.get(RavenClient).flush(5000)))),
    close: async () => {
      for (const app of all) await app.close();
    },
  };
}

async function startService(path: string, module: string, transport: string): Promise<INestMicroservice> {
  const modules = (await import(join(SOURCES, `${path}.module.ts`))) as Record<string, Type>;
  const transports = (await import(join(SOURCES, `${path}.transport.ts`))) as Record<
    string,
    () => MicroserviceOptions
  >;
  const app = await NestFactory.createMicroservice(modules[module], {
    ...transports[transport](),
    logger: false,
  });
  await app.listen();
  return app;
}
