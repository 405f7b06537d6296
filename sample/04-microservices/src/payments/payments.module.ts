import { Module } from '@nestjs/common';
import { RavenModule } from 'nestjs-raven';
import { Bank } from './bank';
import { PaymentsController } from './payments.controller';

@Module({
  imports: [
    RavenModule.forRoot({
      dsn: process.env.SENTRY_DSN ?? 'http://public@localhost:8969/1',
      release: 'payments@1.2.0',
      tags: { service: 'payments' },
    }),
  ],
  controllers: [PaymentsController],
  providers: [Bank],
})
export class PaymentsModule {}
