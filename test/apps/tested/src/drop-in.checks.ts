import { deepEqual } from 'node:assert/strict';
import {
  Controller,
  Get,
  HttpException,
  Module,
  NotFoundException,
  UseInterceptors,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { RavenInterceptor, RavenModule, RavenTransformer, type Scope } from 'nestjs-raven/compat/nest-raven';
import { InjectSentry, SentryInterceptor, SentryModule, SentryService } from 'nestjs-raven/compat/ntegral';
import { RavenTesting, RavenTestingModule } from 'nestjs-raven/testing';

@Controller('checks')
class UploadsController {
  @Get('fail')
  @UseInterceptors(
    new RavenInterceptor({
      tags: { type: 'fileUpload' },
      transformers: [(scope: Scope) => void scope.setExtra('attempt', 1)],
    }),
  )
  @RavenTransformer((scope, context) => void scope.setTag('controller', context.getClass().name))
  fail(): never {
    throw new Error('the disk is full');
  }

  @Get('missing')
  @UseInterceptors(
    new RavenInterceptor({
      filters: [{ type: HttpException, filter: (error: HttpException) => error.getStatus() < 500 }],
    }),
  )
  missing(): never {
    throw new NotFoundException();
  }
}

@Controller('checks')
class PaymentsController {
  constructor(@InjectSentry() private readonly sentry: SentryService) {}

  @Get('fail')
  fail(): never {
    this.sentry.instance().withScope((scope) => {
      scope.setTag('bank', 'acme');
      this.sentry.instance().captureMessage('try another bank', 'warning');
    });
    throw new Error('no answer from the bank');
  }

  @Get('missing')
  missing(): never {
    throw new NotFoundException();
  }
}

@Module({ imports: [RavenModule.forRoot({})], controllers: [UploadsController] })
class NestRavenApp {}

@Module({
  imports: [SentryModule.forRoot({})],
  controllers: [PaymentsController],
  providers: [
    {
      provide: APP_INTERCEPTOR,
      useFactory: () =>
        new SentryInterceptor({
          filters: [{ type: HttpException, filter: (error: HttpException) => error.getStatus() < 500 }],
        }),
    },
  ],
})
class NtegralApp {}

/** What an app reports whose two routes are asked for: of each its text, transaction, tags and extra. */
async function reportsOf(type: Type): Promise<unknown[]> {
  const module = await Test.createTestingModule({ imports: [type, RavenTestingModule] }).compile();
  const app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  for (const path of ['fail', 'missing']) await fetch(`${await app.getUrl()}/checks/${path}`);
  const { events } = app.get(RavenTesting);
  await app.close();
  return events.map(({ exception, logentry, transaction, tags, extra }) => [
    exception?.values.at(-1)?.value ?? logentry?.message,
    transaction,
    tags,
    extra.attempt,
  ]);
}

/** What apps rely on that moved here from other packages. */
export const DROP_IN_CHECKS: Record<string, () => Promise<void>> = {
  async 'interceptors of compat/nest-raven say what goes along'() {
    const tags = { type: 'fileUpload', controller: 'UploadsController' };
    deepEqual(await reportsOf(NestRavenApp), [['the disk is full', 'GET /checks/fail', tags, 1]]);
  },

  async 'service and interceptor of compat/ntegral report'() {
    deepEqual(await reportsOf(NtegralApp), [
      ['try another bank', 'GET /checks/fail', { bank: 'acme' }, undefined],
      ['no answer from the bank', 'GET /checks/fail', {}, undefined],
    ]);
  },
};
