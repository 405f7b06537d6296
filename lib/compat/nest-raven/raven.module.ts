import { Module, type DynamicModule } from '@nestjs/common';
import { CompatModule } from '../sentry/compat.module';
import type { SentryOptions } from '../sentry/sentry-options';

const fromEnvironment = (): SentryOptions => ({});

/**
 * nest-raven's module, with a client in it: what was given to `Sentry.init` is given to `forRoot`. Imported as it
 * stands, all comes from the environment (`SENTRY_DSN`, `SENTRY_ENVIRONMENT` …).
 */
@Module({ imports: [CompatModule.from('RavenModule', { useFactory: fromEnvironment })] })
export class RavenModule {
  /**
   * A client with these options.
   *
   * @param options - of `Sentry.init`, see {@link SentryOptions}; and all of this package's own
   * @throws InvalidOptionsError (as the app starts) where an option is unknown or has a wrong value
   */
  static forRoot(options: SentryOptions = {}): DynamicModule {
    return CompatModule.from('RavenModule', { useFactory: () => options });
  }
}
