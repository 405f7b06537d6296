import type { RavenOptions } from '../raven.options';
import type { ClientEnvironment } from './client-environment';
import type { RavenClient } from './raven.client';

/** Makes the clients of an app that provides one, in place of RavenModule itself: for tests. */
export abstract class ClientMaker {
  /**
   * @param options - what the app gave `forRoot` or `forRootAsync`
   * @param environment - what the client needs of the app
   */
  abstract makeClient(options: RavenOptions, environment: Partial<ClientEnvironment>): RavenClient;
}
