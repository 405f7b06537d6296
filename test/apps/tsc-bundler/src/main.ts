import { NestFactory } from '@nestjs/core';
import { Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
app.connectMicroservice<MicroserviceOptions>({
  transport: Transport.TCP,
  options: { host: '127.0.0.1', port: Number(process.env.TCP_PORT) },
});
app.enableShutdownHooks();
await app.startAllMicroservices();
await app.listen(Number(process.env.PORT), '127.0.0.1');
