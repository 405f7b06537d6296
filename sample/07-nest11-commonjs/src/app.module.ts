import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { RavenModule } from 'nestjs-raven';
import { AllExceptionsFilter } from './all-exceptions.filter';
import { InvoicesModule } from './invoices/invoices.module';

// #region module
@Module({
  imports: [
    ConfigModule.forRoot(),
    RavenModule.forRootAsync({
      imports: [ConfigModule],
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        dsn: config.get<string>('SENTRY_DSN', 'http://public@localhost:8969/1'),
        release: 'invoices@0.9.1',
      }),
    }),
    InvoicesModule,
  ],
  providers: [{ provide: APP_FILTER, useClass: AllExceptionsFilter }],
})
export class AppModule {}
// #endregion module
