import { Module, type DynamicModule } from '@nestjs/common';
import { RavenClient } from '../../client/raven.client';
import { CompatModule, COMPAT_OPTIONS } from '../sentry/compat.module';
import { SENTRY_TOKEN } from './inject-sentry.decorator';
import {
  withoutPrinting,
  type SentryModuleAsyncOptions,
  type SentryModuleOptions,
} from './sentry-module.options';
import { SentryService } from './sentry.service';

/** The module of @ntegral/nestjs-sentry over this package's client: what the app did not handle is reported as well. */
@Module({})
export class SentryModule {
  /**
   * A client and a service with these options.
   *
   * @param options - see {@link SentryModuleOptions}; and all of this package's own
   * @throws InvalidOptionsError (as the app starts) where an option is unknown or has a wrong value
   */
  static forRoot(options: SentryModuleOptions = {}): DynamicModule {
    return SentryModule.from({ useFactory: () => options });
  }

  /**
   * The same with options from elsewhere.
   *
   * @param source - `useFactory` with `inject` and `imports`, `useClass` or `useExisting`
   * @throws InvalidOptionsError where there is none of those
   */
  static forRootAsync(source: SentryModuleAsyncOptions): DynamicModule {
    return SentryModule.from(source);
  }

  private static from(source: SentryModuleAsyncOptions): DynamicModule {
    return {
      module: SentryModule,
      global: true,
      imports: [CompatModule.from<SentryModuleOptions>('SentryModule', source, withoutPrinting)],
      providers: [
        {
          provide: SentryService,
          inject: [RavenClient, COMPAT_OPTIONS],
          useFactory: (client: RavenClient, options: SentryModuleOptions): SentryService =>
            new SentryService(client, options),
        },
        { provide: SENTRY_TOKEN, useExisting: SentryService },
      ],
      exports: [SentryService, SENTRY_TOKEN],
    };
  }
}
