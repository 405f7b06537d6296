import { Module, type NestModule } from '@nestjs/common';
import { RavenApp } from './raven-app';

/** Holds what there is once per app, however often RavenModule is imported. */
@Module({ providers: [RavenApp], exports: [RavenApp] })
export class RavenAppModule implements NestModule {
  constructor(private readonly app: RavenApp) {}

  configure(): void {
    this.app.prepare();
  }
}
