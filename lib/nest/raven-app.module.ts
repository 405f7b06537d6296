import { Module, type NestModule } from '@nestjs/common';
import { RavenApp } from './raven-app';

/** Holds what there is once per app, however often RavenModule is imported. */
@Module({ providers: [RavenApp], exports: [RavenApp] })
export class RavenAppModule implements NestModule {
  /** In Nest's preview mode nothing is constructed, though `configure` is called. */
  private readonly app?: RavenApp;

  constructor(app: RavenApp) {
    this.app = app;
  }

  configure(): void {
    this.app?.prepare();
  }
}
