import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { RavenOptions } from './raven.options';

/** What the module itself is told, beside the client's options. */
export interface RavenModuleExtras {
  /** Whether the client can be injected everywhere without importing the module again. Default true. */
  isGlobal?: boolean | undefined;
  /** Name of the client; see {@link RavenOptions.name}. With `forRootAsync` it stands beside the factory. */
  name?: string | undefined;
}

/** What a class given to `forRootAsync` has: it makes the options. */
export interface RavenOptionsFactory {
  createRavenOptions(): RavenOptions | Promise<RavenOptions>;
}

export const {
  ConfigurableModuleClass: ConfigurableRavenModule,
  MODULE_OPTIONS_TOKEN: RAVEN_OPTIONS,
  OPTIONS_TYPE: RAVEN_OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE: RAVEN_ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<RavenOptions>({ moduleName: 'Raven' })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createRavenOptions')
  .setExtras<RavenModuleExtras>({ isGlobal: true, name: undefined }, (definition, { isGlobal }) => ({
    ...definition,
    global: isGlobal ?? true,
  }))
  .build();
