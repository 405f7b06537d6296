import { NestFactory } from '@nestjs/core';
import { ForwarderModule } from './forwarder.module';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(ForwarderModule);
  app.enableShutdownHooks();
  await app.listen(process.env.PORT ?? 3002, '127.0.0.1');
}

void bootstrap();
