import type { EventOptions } from '../../client/capture-options';
import type { RavenClient } from '../../client/raven.client';
import type { RecordedBreadcrumb } from '../../context/breadcrumb-buffer';
import type { Context, ContextOwner } from '../../context/context';
import type { Scope } from '../../context/scope';
import { safeRead } from '../../event/safe-read';
import { continueTrace, type PropagationContext } from '../../protocol/trace';
import { NestWork } from '../nest-work';
import type { RavenApp } from '../raven-app';
import type { FailedField } from './failed-field';
import { describeGraphql } from './graphql-description';
import { carrierOf, requestOf, responseOf } from './graphql-connection';
import type { GraphqlOperation } from './graphql-operation';

/** One operation that came over a socket, or one event of a subscription. Those over HTTP run in the request's scope. */
export class GraphqlWork extends NestWork {
  readonly type = 'graphql';
  override readonly request: unknown;
  override readonly response: unknown;

  /**
   * @param field - the field that is asked for or has failed, where it is known
   * @param outer - what it is part of, whose contexts it begins with: the connection, the subscription
   */
  constructor(
    app: RavenApp,
    readonly operation: GraphqlOperation,
    readonly field?: FailedField,
    readonly outer?: Scope,
  ) {
    super(app);
    const { surrounding } = this;
    this.request = surrounding?.request ?? requestOf(operation.contextValue);
    this.response = surrounding?.response ?? responseOf(operation.contextValue);
  }

  override get user(): unknown {
    const { contextValue } = this.operation;
    const asked = safeRead(contextValue, 'req');
    return (
      safeRead(this.request, 'user') ??
      safeRead(asked, 'user') ??
      safeRead(safeRead(asked, 'extra'), 'user') ??
      safeRead(contextValue, 'user')
    );
  }

  /** The work it is part of: an HTTP request, a connection's, a subscription. */
  get surrounding(): NestWork | undefined {
    const work = this.outer?.work;
    return work instanceof NestWork ? work : undefined;
  }

  /** Resolvers run in what the operation came in by. */
  override askedOf(exception: unknown): EventOptions | null | undefined {
    const asked = super.askedOf(exception);
    return asked !== undefined ? asked : this.surrounding?.askedOf(exception);
  }

  /** The result tells what became of an error. */
  note(): void {}

  override describe(client: RavenClient): Record<string, unknown> {
    return describeGraphql(this, client);
  }

  override trace(client: RavenClient): PropagationContext | undefined {
    const carrier = carrierOf(this.operation.contextValue);
    if (!carrier && this.surrounding) return this.surrounding.trace(client);
    return continueTrace(carrier ?? {}, client.options);
  }

  protected override origin(client: ContextOwner): Context {
    return this.outer?.contextOf(client) ?? super.origin(client);
  }
}

/** A field that failed, while it is reported: in the contexts of the operation it belongs to. */
export class FailedFieldWork extends GraphqlWork {
  override contextOf(client: ContextOwner): Context {
    return this.outer?.contextOf(client) ?? super.contextOf(client);
  }

  override firstBreadcrumb(): RecordedBreadcrumb | undefined {
    return this.surrounding?.firstBreadcrumb();
  }
}
