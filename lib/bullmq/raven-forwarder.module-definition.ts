import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { ForwarderOptions } from './forwarder.options';

/** What a class given to `forRootAsync` has: it makes the options. */
export interface ForwarderOptionsFactory {
  createForwarderOptions(): ForwarderOptions | Promise<ForwarderOptions>;
}

export const {
  ConfigurableModuleClass: ConfigurableForwarderModule,
  MODULE_OPTIONS_TOKEN: FORWARDER_OPTIONS,
  OPTIONS_TYPE: FORWARDER_OPTIONS_TYPE,
  ASYNC_OPTIONS_TYPE: FORWARDER_ASYNC_OPTIONS_TYPE,
} = new ConfigurableModuleBuilder<ForwarderOptions>({ moduleName: 'RavenForwarder' })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createForwarderOptions')
  .build();
