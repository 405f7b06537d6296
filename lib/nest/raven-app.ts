import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { RavenClient } from '../client/raven.client';
import { SeenErrors } from '../context/seen-errors';
import { instancesOf } from './app-instances';
import type { Door } from './door';
import type { RaisedAt } from './error-reporter';
import { Features } from './features/features';
import { GraphqlDoor } from './graphql/graphql-door';
import { HandlersDoor } from './handlers-door';
import { HttpDoor } from './http/http-door';
import type { HttpOutcome } from './http/http-outcome';
import { JobsDoor } from './jobs/jobs-door';
import { LifecycleDoor } from './lifecycle/lifecycle-door';
import { ShutdownTime } from './lifecycle/shutdown-time';
import { tellBootstrap } from './lifecycle/watch-bootstrap';
import { liveApps } from './live-apps';
import { QueriesDoor } from './queries/queries-door';
import { RpcDoor } from './rpc/rpc-door';
import { WsDoor } from './ws/ws-door';

/** Says of an unhandled error whether it is not to be reported. */
export type Veto = (app: RavenApp, exception: unknown, at: RaisedAt) => boolean;

/** What makes the unnamed client stand beside the named ones. */
const UNNAMED = Symbol('unnamed');

/**
 * One Nest app as this module sees it: its clients, and the doors through which its errors are seen.
 * There is one per app, however often RavenModule is imported.
 *
 * It is made while providers are instantiated: all classes are scanned by then, and no route is bound yet.
 */
@Injectable()
export class RavenApp
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  /** Requests with an error whose answer is not known yet. */
  readonly undecided = new Set<HttpOutcome>();
  /** What its doors have seen, whatever became of it. */
  readonly seen = new SeenErrors();
  /** Errors of which the app says that they are not to be reported: by `captureFilter`, `@IgnoreErrors`. */
  readonly refused = new WeakSet<object>();
  /** Asked about unhandled errors before they are reported. */
  readonly vetoes = new Set<Veto>();
  readonly graphql = new GraphqlDoor(this);
  readonly features: Features;
  /** How often Nest has read the global filters: it does for each handler that they apply to. */
  filterReads = 0;
  private readonly clients = new Map<string | symbol, RavenClient>();
  /** Also those whose name another import has taken: all are flushed and closed. */
  private readonly everyClient = new Set<RavenClient>();
  private readonly doors: readonly Door[];
  readonly lifecycle = new LifecycleDoor(this);
  readonly shutdownTime = new ShutdownTime();
  private isOpen = false;
  private isClosing = false;
  private isClosed = false;

  constructor(
    private readonly config: ApplicationConfig,
    readonly modules: ModulesContainer,
    readonly adapterHost: HttpAdapterHost,
  ) {
    this.doors = [
      new HandlersDoor(this, config),
      new HttpDoor(this),
      new RpcDoor(this),
      new WsDoor(this, config),
      this.graphql,
      new JobsDoor(this),
      this.lifecycle,
      new QueriesDoor(this),
    ];
    this.features = new Features(modules);
    liveApps.add(this);
  }

  /** Takes a client in; the doors open with the first one that reports. */
  add(client: RavenClient): void {
    this.clients.set(client.options.name ?? UNNAMED, client);
    this.everyClient.add(client);
    if (this.isClosed) {
      // The app could not be made, and its options came after that.
      void client.close().catch(() => false);
      return;
    }
    if (!this.isOpen && client.isEnabled()) {
      this.isOpen = true;
      for (const door of this.doors) door.open();
    }
    tellBootstrap(this);
  }

  /** All clients of the app. */
  get allClients(): Iterable<RavenClient> {
    return this.everyClient;
  }

  /** Whether the client is one of the app's. */
  has(client: RavenClient): boolean {
    return this.everyClient.has(client);
  }

  /** Whether handled errors matter to anybody: to a `captureFilter`. */
  get asksAboutHandled(): boolean {
    for (const client of this.everyClient) if (client.options.captureFilter) return true;
    return false;
  }

  /** The client of that name; without a name the unnamed one, or where all have names the first. */
  client(name?: string): RavenClient | undefined {
    if (name !== undefined) return this.clients.get(name);
    return this.clients.get(UNNAMED) ?? this.clients.values().next().value;
  }

  /** Whether the provider of that class is made anew for each request or message. To be asked once the app has started. */
  isRequestScoped(type: unknown): boolean {
    for (const module of this.modules.values()) {
      for (const wrapper of module.providers.values()) {
        if (wrapper.metatype === type) return !wrapper.isDependencyTreeStatic();
      }
    }
    return false;
  }

  /** Called once the app's middleware is being configured: the last moment for the doors to open. */
  prepare(): void {
    if (!this.isOpen) return;
    for (const door of this.doors) door.prepare?.();
  }

  /** All providers are made. */
  onModuleInit(): void {
    this.features.check((name) => this.clients.has(name));
    if (!this.isOpen) return;
    for (const door of this.doors) door.ready?.();
  }

  /** What the app connects to in its first hooks is there now. */
  onApplicationBootstrap(): void {
    if (!this.isOpen) return;
    for (const door of this.doors) door.started?.();
    // Once the app listens: it is held up neither now nor when its first error is to be delivered.
    setImmediate(() => {
      for (const client of this.everyClient) client.warmUp();
    });
  }

  /** Waits for what is captured to be delivered, for as long as a shutdown would, or what is left of that. */
  async flush(): Promise<void> {
    await this.waitFor((client, timeoutMs) => client.flush(timeoutMs));
  }

  /** The app's global filters, in the order they were registered. */
  globalFilters(): readonly object[] {
    return this.config.getGlobalFilters();
  }

  /** The app's global interceptors, in the order they were registered. */
  globalInterceptors(): readonly object[] {
    return this.config.getGlobalInterceptors();
  }

  /** Whether the object is a provider or controller of this app. */
  owns(instance: unknown): boolean {
    for (const own of instancesOf(this.modules)) if (own === instance) return true;
    return false;
  }

  /** Whether the class is a provider or controller of this app. */
  declares(type: unknown): boolean {
    for (const module of this.modules.values()) {
      for (const wrapper of [...module.providers.values(), ...module.controllers.values()]) {
        if (wrapper.metatype === type) return true;
      }
    }
    return false;
  }

  /** Requests that never got an answer are decided on before the clients close. */
  beforeApplicationShutdown(): void {
    this.settle();
  }

  /**
   * The app has shut down as far as this module is concerned. NestJS 10 calls the hooks of some modules
   * after this one, and their errors are to be delivered too: then the last of them closes.
   */
  async onApplicationShutdown(): Promise<void> {
    this.settle();
    this.isClosing = true;
    this.shutdownTime.begin();
    await this.closeAfterHooks();
  }

  /** Closes once the app shuts down and all its hooks have run; until then what is captured is delivered. */
  async closeAfterHooks(): Promise<void> {
    if (!this.isClosing) return;
    await (this.lifecycle.hasHooksLeft() ? this.flush() : this.close());
  }

  /** Undoes what was observed and delivers what is left. */
  async close(): Promise<void> {
    this.isClosing = false;
    this.isClosed = true;
    this.settle();
    for (const door of [...this.doors].reverse()) door.close();
    this.isOpen = false;
    liveApps.delete(this);
    await this.waitFor((client, timeoutMs) => client.close(timeoutMs));
  }

  private waitFor(act: (client: RavenClient, timeoutMs: number) => Promise<boolean>): Promise<void> {
    const delivering = [...this.everyClient].map((client) =>
      act(client, this.shutdownTime.leftOf(client.options.shutdownTimeoutMs)).catch(() => false),
    );
    return this.shutdownTime.spend(Promise.all(delivering));
  }

  private settle(): void {
    for (const outcome of this.undecided) outcome.settle(undefined);
  }
}
