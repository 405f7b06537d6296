// An app with each of TypeScript's stricter options, compiled by `npm run check:package` against what was built, with
// the types of all packages checked. What an environment may lack is `undefined`, and may be given to any option.
import { Controller, Injectable, Module } from '@nestjs/common';
import {
  CaptureErrors,
  InjectRaven,
  NodeHttpTransport,
  RavenClient,
  RavenLogger,
  RavenModule,
  Tag,
  type Processor,
  type RavenEvent,
  type RavenOptions,
  type RavenOptionsFactory,
} from 'nestjs-raven';
import { RavenBullTransport, RavenForwarderModule } from 'nestjs-raven/bullmq';
import { RavenInterceptor, RavenModule as NestRavenModule } from 'nestjs-raven/compat/nest-raven';
import { SentryModule } from 'nestjs-raven/compat/ntegral';
import { ravenPinoStream } from 'nestjs-raven/pino';
import { RavenMetricsModule } from 'nestjs-raven/prometheus';
import { RavenHealthIndicator } from 'nestjs-raven/terminus';
import { RavenTesting, RavenTestingModule } from 'nestjs-raven/testing';

const { SENTRY_DSN: dsn, REGION: region, REDIS_URL: connection } = process.env;

@Injectable()
class Settings implements RavenOptionsFactory {
  createRavenOptions(): RavenOptions {
    return { dsn, release: region, transport: NodeHttpTransport, spool: undefined, beforeSend: undefined };
  }
}

class NamedProcessor implements Processor {
  process(event: RavenEvent): RavenEvent {
    return event;
  }
}

@Controller()
export class StrictController {
  constructor(
    @InjectRaven('billing') private readonly billing: RavenClient,
    private readonly raven: RavenClient,
  ) {}

  @CaptureErrors({ types: [RangeError], client: region })
  @Tag('region', ({ request }) => (request === undefined ? undefined : region))
  order(@Tag('order.id') id: string): void {
    this.raven.userContext({ id, email: region });
    this.raven.captureBreadcrumb({ message: id, category: region, data: undefined });
    this.raven.captureException(new Error(id), {
      level: undefined,
      extra: undefined,
      fingerprint: undefined,
    });
    this.billing.captureMessage(id, { level: 'warning', tags: undefined });
    this.billing.captureFeedback({ message: id, email: region, eventId: null });
  }
}

@Module({
  imports: [
    RavenModule.forRoot({ dsn: process.env.SENTRY_DSN, processors: [NamedProcessor], isGlobal: undefined }),
    RavenModule.forRoot({
      name: 'billing',
      dsn,
      environment: region,
      stormGuard: undefined,
      axios: undefined,
    }),
    RavenModule.forRootAsync({ useFactory: () => ({ dsn, tags: { region } }) }),
    RavenModule.forRootAsync({ useClass: Settings }),
    RavenModule.forFeature({ client: region, tags: undefined }),
    RavenForwarderModule.forRoot({ dsn, connection, queueName: region }),
    RavenMetricsModule.forRoot({ prefix: region }),
    RavenTestingModule.forRoot({ environment: region }),
    NestRavenModule.forRoot({ dsn }),
    SentryModule.forRoot({ dsn, environment: region }),
  ],
  controllers: [StrictController],
  providers: [RavenHealthIndicator, RavenLogger],
})
export class StrictModule {}

export const interceptor = new RavenInterceptor({ tags: undefined, level: undefined });
export const transport = RavenBullTransport.on({ connection, queueName: region });
export const stream = ravenPinoStream(new RavenClient({ dsn }), { ignoreLoggers: undefined });
export const client = new RavenTesting().makeClient({ release: region });
