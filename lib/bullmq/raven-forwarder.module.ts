import { Module } from '@nestjs/common';
import { RavenForwarder } from './raven-forwarder';
import { ConfigurableForwarderModule } from './raven-forwarder.module-definition';

/**
 * Makes a Nest app a worker that delivers what others captured:
 * `RavenForwarderModule.forRoot({ dsn, connection })`, with `NestFactory.createApplicationContext` or any other app.
 *
 * {@link RavenForwarder} can be injected: it tells how it goes, and has the dead letters.
 */
@Module({ providers: [RavenForwarder], exports: [RavenForwarder] })
export class RavenForwarderModule extends ConfigurableForwarderModule {}
