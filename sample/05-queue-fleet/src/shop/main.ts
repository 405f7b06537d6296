import { NestFactory } from '@nestjs/core';
import { ShopModule } from './shop.module';

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(ShopModule);
  app.enableShutdownHooks();
  await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
}

void bootstrap();
