import { Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { RavenModule } from 'nestjs-raven';
import { withoutAddress } from './privacy';
import { OrdersModule } from './orders/orders.module';

@Module({
  imports: [
    RavenModule.forRoot({
      dsn: process.env.SENTRY_DSN,
      release: 'orders@2.0.0',
      sampleRate: 0.5,
      spool: { directory: '/var/spool/orders' },
      beforeSend: withoutAddress,
    }),
    EventEmitterModule.forRoot(),
    OrdersModule,
  ],
})
export class AppModule {}
