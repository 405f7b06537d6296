import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { GraphQLModule } from '@nestjs/graphql';
import { ScheduleModule } from '@nestjs/schedule';
import { RavenModule } from 'nestjs-raven';
import { CatalogueResolver } from './catalogue.resolver';
import { ChatGateway } from './chat.gateway';
import { StockLedger } from './stock.ledger';
import { StockListener } from './stock.listener';
import { StockModule } from './stock.module';
import { StockSoldHandler } from './stock-sold.handler';
import { MailModule } from './mail.queue';
import { NightlyJob } from './nightly.job';
import { SalesResolver } from './sales.resolver';
import { TriggerController } from './trigger.controller';

// #region module
@Module({
  imports: [
    // One import, nothing else: every context below is seen.
    RavenModule.forRoot({
      dsn: process.env.SENTRY_DSN ?? 'http://public@localhost:8969/1',
      release: 'contexts@1.0.0',
    }),
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      playground: false,
      subscriptions: { 'graphql-ws': true },
    }),
    ScheduleModule.forRoot(),
    EventEmitterModule.forRoot(),
    CqrsModule.forRoot(),
    StockModule,
    ...(process.env.REDIS_URL ? [MailModule] : []),
  ],
  controllers: [TriggerController],
  providers: [
    CatalogueResolver,
    ChatGateway,
    NightlyJob,
    SalesResolver,
    StockLedger,
    StockListener,
    StockSoldHandler,
  ],
})
export class AppModule {}
// #endregion module
