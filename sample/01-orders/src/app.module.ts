import { Module } from '@nestjs/common';
import { RavenModule } from 'nestjs-raven';
import { OrdersModule } from './orders/orders.module';

// #region module
@Module({
  imports: [
    RavenModule.forRoot({
      dsn: process.env.SENTRY_DSN ?? 'http://public@localhost:8969/1',
      environment: 'sample',
      release: 'orders@1.4.0',
      tags: { service: 'orders' },
      // Names of customers are wanted in this sample; without it only their ids are sent.
      sendDefaultPii: true,
    }),
    OrdersModule,
  ],
})
export class AppModule {}
// #endregion module
