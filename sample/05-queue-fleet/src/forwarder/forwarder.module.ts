import { Module } from '@nestjs/common';
import { RavenForwarderModule } from 'nestjs-raven/bullmq';
import { QueueController } from './queue.controller';

// #region forwarder
@Module({
  imports: [
    RavenForwarderModule.forRoot({
      dsn: process.env.SENTRY_DSN ?? 'http://public@localhost:8969/1',
      connection: process.env.REDIS_URL,
      queueName: 'errors',
    }),
  ],
  controllers: [QueueController],
})
export class ForwarderModule {}
// #endregion forwarder
