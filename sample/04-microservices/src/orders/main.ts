import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { OrdersModule } from './orders.module';
import { ordersTransport } from './orders.transport';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(OrdersModule, ordersTransport());
  app.enableShutdownHooks();
  await app.listen();
}

void bootstrap();
