import type { GraphQLError } from 'graphql';
import { currentScope, runInScope, type Scope } from '../../context/scope';
import { reportError, type RaisedAt } from '../error-reporter';
import { isHandledByType } from '../handled-errors';
import { RaisedAtHost } from '../raised-at-host';
import { NestWork } from '../nest-work';
import type { RavenApp } from '../raven-app';
import { failedField, type FailedField } from './failed-field';
import type { GraphqlOperation } from './graphql-operation';
import { FailedFieldWork, GraphqlWork } from './graphql-work';
import { takeMasked } from './masked-errors';
import { Resolvers } from './resolvers';
import { isAnswer, isForCaller, thrownOf } from './thrown-errors';

/**
 * What becomes of the errors of an app's operations: the result tells which of them were meant for the caller.
 * All others are reported, each once.
 */
export class GraphqlOutcome {
  private readonly resolvers: Resolvers;

  constructor(private readonly app: RavenApp) {
    this.resolvers = new Resolvers(app);
  }

  /** The errors of a result, before they are made into an answer. Never throws. */
  seeErrors(errors: readonly GraphQLError[], operation: GraphqlOperation): void {
    this.guarded(() => {
      const thrown = errors.map(thrownOf);
      // Errors of one result are told apart in one scope, also where the async context was lost.
      runInScope(this.scopeOf(operation), () => {
        for (const [index, error] of errors.entries()) {
          const handled = isForCaller(thrown[index], error.path !== undefined);
          this.decide(thrown[index], handled, () => failedField(error, operation), thrown, operation);
        }
      });
    });
  }

  /** An error that stands for no field of a result: of making the context, of a server's plugin. Never throws. */
  seeError(thrown: unknown, operation: GraphqlOperation, field?: FailedField): void {
    this.guarded(() => {
      runInScope(this.scopeOf(operation), () =>
        this.decide(thrown, isForCaller(thrown, false), () => field, [thrown], operation),
      );
    });
  }

  /** An error of a resolver whose result nobody tells of: its type has to decide. Never throws. */
  seeUnwatched(thrown: unknown, handled: boolean, at: RaisedAt, field: FailedField | undefined): void {
    this.guarded(() => {
      if (this.isWanted(thrown, handled)) this.report(thrown, handled, {}, field, at);
    });
  }

  private decide(
    thrown: unknown,
    handled: boolean,
    findField: () => FailedField | undefined,
    present: readonly unknown[],
    operation: GraphqlOperation,
  ): void {
    if (!this.isWanted(thrown, handled)) return;
    const field = findField();
    const at = this.at(field, operation);
    const masked = handled ? undefined : takeMasked(currentScope()?.work, thrown, at, present);
    if (masked) {
      this.report(masked.exception, isHandledByType(masked.exception), operation, field, at);
      if (isAnswer(thrown)) return;
    }
    this.report(thrown, handled, operation, field, at);
  }

  private scopeOf(operation: GraphqlOperation): Scope {
    return currentScope() ?? new GraphqlWork(this.app, operation);
  }

  private at(field: FailedField | undefined, { schema }: GraphqlOperation): RaisedAt {
    return field ? this.resolvers.at(field, schema) : {};
  }

  /** Whether any client may want it: whose it is takes longer to find out. */
  private isWanted(thrown: unknown, handled: boolean): boolean {
    const work = currentScope()?.work;
    if (work instanceof NestWork && work.askedOf(thrown)) return true;
    for (const client of this.app.allClients) {
      if (client.isEnabled() && (!handled || client.options.captureFilter !== undefined)) return true;
    }
    return false;
  }

  private report(
    thrown: unknown,
    handled: boolean,
    operation: GraphqlOperation,
    field: FailedField | undefined,
    at: RaisedAt,
  ): void {
    const work = new FailedFieldWork(this.app, operation, field, currentScope());
    const args = [undefined, field?.args, operation.contextValue, undefined];
    runInScope(work, () =>
      reportError(this.app, thrown, at, {
        type: 'graphql',
        mechanism: 'auto.graphql.nestjs',
        host: new RaisedAtHost('graphql', args, at),
        request: work.request,
        response: work.response,
        user: work.user,
        args,
        handled,
      }),
    );
  }

  private guarded(decide: () => void): void {
    // What a hook executes is part of the hook: its errors would only call the hook again.
    if (currentScope()?.isQuiet) return;
    try {
      decide();
    } catch (failure) {
      this.app.client()?.complain('an error of a GraphQL operation could not be reported', failure);
    }
  }
}
