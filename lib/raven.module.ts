import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ClientMaker } from './client/client-maker';
import { RavenClient } from './client/raven.client';
import { RavenLogger } from './logger/raven.logger';
import { containerOf } from './nest/container-instances';
import { watchBootstrap } from './nest/lifecycle/watch-bootstrap';
import {
  FEATURE_OPTIONS,
  RavenFeatureModule,
  type RavenFeatureOptions,
} from './nest/features/feature-options';
import { validateFeature } from './nest/features/validate-feature';
import { RavenApp } from './nest/raven-app';
import { RavenAppModule } from './nest/raven-app.module';
import { tellUnknownClients } from './nest/unknown-clients';
import {
  ConfigurableRavenModule,
  RAVEN_ASYNC_OPTIONS_TYPE,
  RAVEN_OPTIONS,
  RAVEN_OPTIONS_TYPE,
} from './raven.module-definition';
import type { RavenOptions } from './raven.options';
import { getRavenToken } from './raven.tokens';
import { clientOptions, validateGiven, validateSource } from './validate-module-options';
import { requireOptions } from './validate-options';

/** The client of this import of the module, whatever token it is injected by. */
const OWN_CLIENT = Symbol('nestjs-raven:own-client');

/**
 * Reports the errors that an app did not handle.
 *
 * `RavenModule.forRoot({ dsn })` in the root module is all there is to do: the client can be injected as
 * {@link RavenClient}, and unhandled errors are reported with what is known of their request. Several
 * clients are several imports with a `name` each.
 */
@Module({ imports: [RavenAppModule] })
export class RavenModule extends ConfigurableRavenModule implements OnModuleInit {
  constructor(
    private readonly app: RavenApp,
    @Inject(OWN_CLIENT) private readonly client: RavenClient,
  ) {
    super();
    app.add(client);
  }

  /**
   * @param options - see {@link RavenOptions}; and `isGlobal`, default true. None: all comes from the environment
   * @throws InvalidOptionsError where that is no object; what is wrong with an option stops the app at its start
   */
  static override forRoot(options: typeof RAVEN_OPTIONS_TYPE = {}): DynamicModule {
    validateGiven(options);
    const { name } = options;
    return withClient(super.forRoot(options), name, (given) => ({ ...given, name }));
  }

  /**
   * @param options - `useFactory` with `inject` and `imports`, `useClass` or `useExisting` (see
   *   {@link RavenOptionsFactory}); `name` and `isGlobal` stand beside it
   * @throws InvalidOptionsError where there is none of those
   */
  static override forRootAsync(options: typeof RAVEN_ASYNC_OPTIONS_TYPE): DynamicModule {
    validateSource(options);
    return withClient(super.forRootAsync(options), options.name, (made) => clientOptions(made, options));
  }

  /**
   * Says what holds for the errors that are raised in the controllers and providers of the module that imports
   * this: tags, extra and a level below those of decorators, and which client reports them.
   *
   * Where an error passes through several such modules, the one nearest to the throw wins.
   *
   * @throws InvalidOptionsError where an option is unknown or has a wrong value
   */
  static forFeature(options: RavenFeatureOptions): DynamicModule {
    requireOptions('RavenModule.forFeature: was given', options);
    validateFeature(options);
    return {
      module: RavenFeatureModule,
      providers: [{ provide: FEATURE_OPTIONS, useValue: options }],
    };
  }

  /** A processor that cannot be made stops the app here rather than losing its first event; all clients are there. */
  onModuleInit(): void {
    this.client.prepare();
    tellUnknownClients(this.app);
  }
}

function withClient(
  definition: DynamicModule,
  name: string | undefined,
  ofClient: (options: RavenOptions) => RavenOptions,
): DynamicModule {
  const token = getRavenToken(name);
  // With several clients it is the unnamed one's.
  const logger =
    name === undefined
      ? [
          {
            provide: RavenLogger,
            inject: [OWN_CLIENT],
            useFactory: (client: RavenClient): RavenLogger => new RavenLogger(client),
          },
        ]
      : [];
  watchBootstrap();
  return {
    ...definition,
    providers: [
      ...(definition.providers ?? []),
      {
        provide: OWN_CLIENT,
        inject: [RAVEN_OPTIONS, ModuleRef, { token: ClientMaker, optional: true }],
        useFactory: (options: RavenOptions, moduleRef: ModuleRef, maker: unknown): RavenClient => {
          const environment = { instantiate: containerOf(moduleRef) };
          // `useMocker` of Nest's tests makes something up for whatever is not there.
          return maker instanceof ClientMaker
            ? maker.makeClient(ofClient(options), environment)
            : new RavenClient(ofClient(options), environment);
        },
      },
      { provide: token, useExisting: OWN_CLIENT },
      ...logger,
    ],
    exports: [...(definition.exports ?? []), token, ...logger.map(({ provide }) => provide)],
  };
}
