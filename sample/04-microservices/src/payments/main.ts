import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { PaymentsModule } from './payments.module';
import { paymentsTransport } from './payments.transport';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(PaymentsModule, paymentsTransport());
  app.enableShutdownHooks();
  await app.listen();
}

void bootstrap();
