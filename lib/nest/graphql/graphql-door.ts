import type { GraphQLSchema } from 'graphql';
import { watchOutcome } from '../../client/watch-outcome';
import { currentScope, type WorkScope } from '../../context/scope';
import type { Door } from '../door';
import type { RaisedAt } from '../error-reporter';
import { isHandled } from '../handled-errors';
import { overlayMethod, type Overlaid } from '../overlay-method';
import type { RavenApp } from '../raven-app';
import { apolloPlugin } from './apollo-plugin';
import { GraphqlOutcome } from './graphql-outcome';
import { GraphqlWork } from './graphql-work';
import { graphqlWsOptions } from './graphql-ws-options';
import { noteResolverError } from './masked-errors';
import { watchFailedRequests, watchMercurius, type MercuriusOptions } from './mercurius-options';
import { fieldOf } from './resolvers';
import { watchSubscriptions } from './subscription-fields';

/** What a driver of `@nestjs/graphql` starts with, as far as it is needed. */
interface DriverOptions extends MercuriusOptions {
  schema?: GraphQLSchema;
  plugins?: readonly unknown[];
  formatError?: (formatted: unknown, error: unknown) => unknown;
  /** What a gateway of Apollo's starts its server with. */
  server?: DriverOptions;
  subscriptions?: Record<string, unknown>;
  installSubscriptionHandlers?: boolean;
}

/** A driver of `@nestjs/graphql`: it starts a GraphQL server with the options it is given. */
interface Driver {
  start(options: DriverOptions): Promise<unknown>;
  subscriptionWithFilter(instance: unknown, filter: unknown, ...more: unknown[]): unknown;
}

/**
 * Where an app's GraphQL operations are seen. A driver tells nobody of the options it starts its server with, so
 * its `start` is overlaid, on this one driver of this one app: Apollo's server gets one more plugin, Mercurius
 * another formatter of errors.
 */
export class GraphqlDoor implements Door {
  private readonly undo: (() => void)[] = [];
  private readonly outcome: GraphqlOutcome;
  private unwatched = 0;

  constructor(private readonly app: RavenApp) {
    this.outcome = new GraphqlOutcome(app);
  }

  /** Drivers are made as they are needed: here at the latest. */
  open(): void {}

  prepare(): void {
    const seeFilterError = (error: unknown): void => {
      const work = currentScope()?.work;
      if (work instanceof GraphqlWork) this.outcome.seeError(error, work.operation, work.field);
    };
    for (const driver of this.drivers()) {
      this.undo.push(
        overlayMethod(driver, 'start', (start) => (options) => {
          if (!this.watch(driver, options as DriverOptions)) this.unwatched += 1;
          return start.call(driver, options);
        }),
        // Mercurius logs what a filter of events fails with, and goes on with the next event.
        overlayMethod(driver, 'subscriptionWithFilter', (make) => (instance, filter, ...more) => {
          const watched: Overlaid = function (...args) {
            return watchOutcome(() => (filter as Overlaid).apply(this, args), seeFilterError);
          };
          return make.call(driver, instance, watched, ...more);
        }),
      );
    }
  }

  close(): void {
    for (const step of this.undo.splice(0).reverse()) step();
  }

  /** Takes note of an error that left a resolver: its outcome decides, where there is one to be seen. */
  note(exception: unknown, at: RaisedAt, work: WorkScope | undefined): void {
    noteResolverError(this.unwatched > 0 ? undefined : work, exception, at);
    if (this.unwatched === 0) return;
    const field = at.type && at.handlerName !== undefined ? fieldOf(at.type, at.handlerName) : undefined;
    this.outcome.seeUnwatched(exception, isHandled(exception, at, this.app.globalFilters()), at, field);
  }

  /** @returns whether it is a driver whose results can be seen */
  private watch(driver: Driver, options: DriverOptions): boolean {
    const names = classNames(driver);
    if (options.schema) {
      this.undo.push(watchSubscriptions(options.schema, this.app, this.outcome));
    }
    if (names.includes('ApolloGatewayDriver')) {
      options.server = this.withPlugin(options.server ?? {});
      return true;
    }
    if (names.includes('ApolloBaseDriver')) {
      Object.assign(options, this.withPlugin(options));
      if (options.subscriptions || options.installSubscriptionHandlers) {
        options.subscriptions = this.withResults(
          options.subscriptions ?? { 'graphql-ws': {} },
          options.schema,
        );
      }
      return true;
    }
    // What its gateway answers comes from others, which report it.
    if (names.includes('MercuriusGatewayDriver')) return true;
    if (!names.some((name) => name.startsWith('Mercurius'))) return false;
    watchFailedRequests(this.app.adapterHost.httpAdapter.getInstance(), options.path, this.outcome);
    return watchMercurius(options, this.outcome);
  }

  /** The app's own plugins come first: what they report themselves counts as reported. */
  private withPlugin(options: DriverOptions): DriverOptions {
    const { plugins = [], formatError } = options;
    return {
      ...options,
      plugins: [...plugins, apolloPlugin(this.outcome)],
      // Apollo answers for it with an error of its own.
      ...(formatError && {
        formatError: (formatted: unknown, error: unknown) =>
          watchOutcome(
            () => formatError(formatted, error),
            (failure) => this.outcome.seeError(failure, {}),
          ),
      }),
    };
  }

  private withResults(subscriptions: Record<string, unknown>, schema: unknown): Record<string, unknown> {
    if (!subscriptions['graphql-ws']) return subscriptions;
    const graphqlWs = graphqlWsOptions(subscriptions['graphql-ws'], schema, this.app, this.outcome);
    return { ...subscriptions, 'graphql-ws': graphqlWs };
  }

  private drivers(): Driver[] {
    return [...this.app.modules.values()].flatMap((module) =>
      [...module.providers].flatMap(([token, { instance }]) =>
        typeof token === 'function' && token.name === 'AbstractGraphQLDriver' && isDriver(instance)
          ? [instance]
          : [],
      ),
    );
  }
}

function isDriver(instance: unknown): instance is Driver {
  return typeof (instance as Partial<Driver> | null | undefined)?.start === 'function';
}

/** The names of an object's class and its base classes: importing them would need the packages they come from. */
function classNames(instance: object): string[] {
  const names: string[] = [];
  let prototype = Object.getPrototypeOf(instance) as object | null;
  for (
    ;
    prototype && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    names.push(prototype.constructor.name);
  }
  return names;
}
