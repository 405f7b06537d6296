import { Global, Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { ClientMaker } from '../client/client-maker';
import { RavenModule } from '../raven.module';
import type { RavenOptions } from '../raven.options';
import { RavenTesting } from './raven-testing';

/** The options of `forRoot`; null where the module stands beside the app's own RavenModule. */
const OWN_OPTIONS = Symbol('nestjs-raven:testing-options');

/**
 * Records what an app reports instead of sending it. To be imported by an app's tests.
 *
 * Beside the module under test, whose own `RavenModule.forRoot` or `forRootAsync` stays as it is, with all its
 * options but those of delivery: `imports: [AppModule, RavenTestingModule]`. Where the parts under test have none,
 * {@link forRoot} takes its place. `app.get(RavenTesting)` has what was reported.
 */
@Global()
@Module({
  providers: [
    RavenTesting,
    { provide: ClientMaker, useExisting: RavenTesting },
    { provide: OWN_OPTIONS, useValue: null },
  ],
  exports: [RavenTesting, ClientMaker],
})
export class RavenTestingModule implements OnModuleInit {
  constructor(
    private readonly raven: RavenTesting,
    @Inject(OWN_OPTIONS) private readonly own: RavenOptions | null,
  ) {}

  /**
   * In place of `RavenModule.forRoot`, for tests of modules that have no RavenModule themselves.
   *
   * @param options - as RavenModule's; none of them is needed
   * @throws InvalidOptionsError where they are no object; what is wrong with an option stops the app at its start
   */
  static forRoot(options: RavenOptions = {}): DynamicModule {
    return {
      module: RavenTestingModule,
      imports: [RavenModule.forRoot(options)],
      providers: [{ provide: OWN_OPTIONS, useValue: options }],
    };
  }

  /** @throws Error where there is nothing to record, or two clients would be one */
  onModuleInit(): void {
    const names = this.raven.clientNames;
    if (names.length === 0) {
      throw new Error(
        'RavenTestingModule: the app has no RavenModule whose reports could be recorded; expected RavenTestingModule.forRoot() in its place',
      );
    }
    if (this.own && names.filter((name) => name === this.own?.name).length > 1) {
      throw new Error(
        'RavenTestingModule.forRoot: the app has a RavenModule of its own; expected RavenTestingModule without forRoot beside it, imports: [AppModule, RavenTestingModule]',
      );
    }
  }
}
