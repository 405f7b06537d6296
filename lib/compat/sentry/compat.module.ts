import {
  Inject,
  Logger,
  Module,
  type DynamicModule,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import { RavenClient } from '../../client/raven.client';
import { RavenApp } from '../../nest/raven-app';
import { RavenAppModule } from '../../nest/raven-app.module';
import { RavenModule } from '../../raven.module';
import { InvalidOptionsError, requireOptions } from '../../validate-options';
import { filtersVeto } from './filters-veto';
import { ravenOptionsOf } from './raven-options-of';
import { scopeOf } from './scope-of';
import type { SentryOptions } from './sentry-options';

/** The options as they were given. */
export const COMPAT_OPTIONS = Symbol('nestjs-raven:compat-options');

/** What a class given to `forRootAsync` has: it makes the options. */
export interface CompatOptionsFactory<Options> {
  createSentryModuleOptions(): Options | Promise<Options>;
}

/** Where the options come from. */
export interface CompatSource<Options> extends Pick<ModuleMetadata, 'imports'> {
  inject?: NonNullable<Extract<Provider, { useFactory: unknown }>['inject']> | undefined;
  useFactory?(this: void, ...injected: unknown[]): Options | Promise<Options>;
  useClass?: Type<CompatOptionsFactory<Options>> | undefined;
  useExisting?: Type<CompatOptionsFactory<Options>> | undefined;
}

@Module({})
class CompatOptionsModule {}

/** A client that takes options of Sentry's, and the filters of interceptors for the whole app. */
@Module({ imports: [RavenAppModule] })
export class CompatModule {
  constructor(app: RavenApp, client: RavenClient, @Inject(COMPAT_OPTIONS) { initialScope }: SentryOptions) {
    app.vetoes.add(filtersVeto);
    const scope = scopeOf(client);
    if (typeof initialScope === 'function') initialScope(scope);
    else if (initialScope) client.rootContext.merge({ ...initialScope });
  }

  /**
   * @param speaker - whose options they are, for messages
   * @throws InvalidOptionsError where there is no source
   */
  static from<Options extends SentryOptions>(
    speaker: string,
    source: CompatSource<Options>,
    toSentry: (given: Options) => SentryOptions = (given) => given,
  ): DynamicModule {
    const options: DynamicModule = {
      module: CompatOptionsModule,
      imports: source.imports ?? [],
      providers: providersOf(speaker, source),
      exports: [COMPAT_OPTIONS],
    };
    const raven = RavenModule.forRootAsync({
      imports: [options],
      inject: [COMPAT_OPTIONS],
      useFactory: (given: Options) => ravenOptionsOf(speaker, toSentry(given), new Logger('Raven')),
    });
    return { module: CompatModule, imports: [options, raven], exports: [options, raven] };
  }
}

function providersOf<Options>(speaker: string, source: CompatSource<Options>): Provider[] {
  const expected = 'an object with useFactory, useClass or useExisting';
  requireOptions(`${speaker}.forRootAsync: was given`, source, expected);
  const { useFactory, useClass, useExisting, inject = [] } = source;
  if (useFactory) return [{ provide: COMPAT_OPTIONS, useFactory, inject }];
  const factory = useClass ?? useExisting;
  if (!factory) {
    throw new InvalidOptionsError(
      `${speaker}.forRootAsync: was given none of its sources; expected ${expected}`,
    );
  }
  return [
    ...(useClass ? [{ provide: useClass, useClass }] : []),
    {
      provide: COMPAT_OPTIONS,
      inject: [factory],
      useFactory: (made: CompatOptionsFactory<Options>) => made.createSentryModuleOptions(),
    },
  ];
}
