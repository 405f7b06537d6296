import { Module } from '@nestjs/common';
import { RavenModule } from 'nestjs-raven';
import { RavenBullTransport } from 'nestjs-raven/bullmq';
import { OrdersController } from './orders.controller';

// #region transport
@Module({
  imports: [
    RavenModule.forRoot({
      dsn: process.env.SENTRY_DSN ?? 'http://public@localhost:8969/1',
      release: 'shop@5.0.0',
      transport: RavenBullTransport.on({ connection: process.env.REDIS_URL, queueName: 'errors' }),
    }),
  ],
  controllers: [OrdersController],
})
export class ShopModule {}
// #endregion transport
