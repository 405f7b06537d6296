import { types } from 'node:util';
import { BreadcrumbBuffer, type RecordedBreadcrumb } from './breadcrumb-buffer';
import { withFlag, type FlagValue } from './flag-values';
import { safeCopy } from './safe-copy';
import { ClientScope, currentScope, enterScope, runInScope } from './scope';
import { TransactionStack } from './transaction-stack';
import { WorkMemory } from './work-memory';

/** What a context holds: parts of an event, by their key on the wire. */
export type ContextData = Readonly<Record<string, unknown>>;

/** Whose context it is: the client. Contexts know nothing else of it. */
export interface ContextOwner {
  /** What is set outside of any request, message, job or explicit scope. */
  readonly rootContext: Context;
}

/** What a context held at one moment. */
export interface ContextSnapshot {
  readonly data: ContextData;
  readonly breadcrumbs: readonly RecordedBreadcrumb[];
  readonly flags: readonly FlagValue[];
  /** The name of what was running. */
  readonly transaction: string | undefined;
}

/** A context in force until it is disposed of: `using scope = client.context.enter()`. */
export interface EnteredContext extends Disposable {
  readonly context: Context;
}

const MERGED_BY_KEY: ReadonlySet<string> = new Set(['tags', 'extra']);

/**
 * What is known about the work in progress: user, request, tags, extra and breadcrumbs that go along with
 * every event captured in it. There is one for each client and each request, message, job or explicit
 * scope, and one for all that runs outside of those (the root context).
 *
 * Its data is never changed in place, so that a fork is a snapshot: what is set at bootstrap is inherited
 * by every request, and no request changes it. Source: raven-python's `Context`.
 */
export class Context implements Iterable<[string, unknown]> {
  private data: ContextData = {};
  private flagValues: readonly FlagValue[] = [];
  private isActive = true;

  private constructor(
    private readonly owner: ContextOwner,
    private readonly crumbs: BreadcrumbBuffer,
    private readonly isRoot: boolean,
    /** What was reported in this piece of work, and its trace. Its parts share it. */
    readonly memory: WorkMemory,
    /** What is running, by name. */
    readonly transactions: TransactionStack,
  ) {}

  /** The root context of a client. */
  static root(owner: ContextOwner, maxBreadcrumbs: number, maxBreadcrumbBytes: number): Context {
    return new Context(
      owner,
      new BreadcrumbBuffer(maxBreadcrumbs, maxBreadcrumbBytes),
      true,
      new WorkMemory(),
      new TransactionStack(),
    );
  }

  /**
   * A context for a piece of work of its own (a request, a message, a job): it begins with this one's data
   * and breadcrumbs, and an error reported elsewhere may be reported there too.
   */
  forkForWork(): Context {
    return this.fork(new WorkMemory(), true);
  }

  /** A context for a part of this piece of work: an error reported in it counts as reported here. */
  private forkForPart(): Context {
    return this.fork(this.memory, false);
  }

  private fork(memory: WorkMemory, isWork: boolean): Context {
    const child = new Context(this.owner, this.crumbs.fork(isWork), false, memory, this.transactions.fork());
    child.data = this.data;
    child.flagValues = this.flagValues;
    return child;
  }

  /** Whether breadcrumbs of libraries (`recordBreadcrumb`) are recorded here. */
  get active(): boolean {
    return this.isActive;
  }

  /** Lets breadcrumbs of libraries be recorded here. A context starts active. */
  activate(): void {
    this.isActive = true;
  }

  /** Stops breadcrumbs of libraries from being recorded here; the client's own calls still are. */
  deactivate(): void {
    this.isActive = false;
  }

  /**
   * Adds to the context. `tags` and `extra` merge key by key, one level deep; every other key is replaced whole.
   *
   * @param data - parts of an event by their key on the wire: `user`, `request`, `tags`, `extra`, `level`, `logger` …
   * @param activate - whether the context is active from now on; default true
   */
  merge(data: Record<string, unknown>, activate = true): void {
    if (activate) this.activate();
    const merged: Record<string, unknown> = { ...this.data };
    for (const [key, value] of Object.entries(safeCopy(data))) {
      merged[key] = MERGED_BY_KEY.has(key) ? { ...safeCopy(merged[key]), ...safeCopy(value) } : value;
    }
    this.data = merged;
  }

  /** What the context holds. The object is a snapshot: later changes do not show in it. */
  get(): ContextData {
    return this.data;
  }

  /** Replaces all that the context holds. */
  set(data: Record<string, unknown>): void {
    this.data = safeCopy(data);
  }

  /**
   * Empties data, breadcrumbs, feature flags and the errors already reported.
   *
   * @param deactivate - whether the context stops recording breadcrumbs of libraries; by default it does,
   *   except the root context
   */
  clear(deactivate = !this.isRoot): void {
    this.data = {};
    this.flagValues = [];
    this.crumbs.clear();
    this.memory.reported.clear();
    if (deactivate) this.deactivate();
  }

  /** The breadcrumbs so far, oldest first. */
  get breadcrumbs(): RecordedBreadcrumb[] {
    return this.crumbs.toArray();
  }

  /** The same, with the crumb that the work in progress began with before its own, where the context is active. */
  breadcrumbsFrom(first: RecordedBreadcrumb | undefined): RecordedBreadcrumb[] {
    return first && this.isActive ? this.crumbs.beginningWith(first) : this.breadcrumbs;
  }

  /** @param first - the crumb that the work in progress began with */
  snapshot(first: RecordedBreadcrumb | undefined): ContextSnapshot {
    return {
      data: this.data,
      breadcrumbs: this.breadcrumbsFrom(first),
      flags: this.flagValues,
      transaction: this.transactions.peek(),
    };
  }

  /** Adds a breadcrumb, whether the context is active or not. */
  record(crumb: RecordedBreadcrumb): void {
    this.crumbs.record(crumb);
  }

  /** The feature flags that were evaluated, the newest last. */
  get flags(): readonly FlagValue[] {
    return this.flagValues;
  }

  /** Takes note of what a feature flag was evaluated to. */
  flag(name: unknown, result: unknown): void {
    this.flagValues = withFlag(this.flagValues, name, result);
  }

  [Symbol.iterator](): Iterator<[string, unknown]> {
    return Object.entries(this.data)[Symbol.iterator]();
  }

  /**
   * Runs `fn` in a scope of its own: it inherits what is set here, and what is set in it ends with it.
   * Stands for raven-python's context manager.
   *
   * @returns what `fn` returns; a promise's scope lasts until it settles
   */
  run<T>(fn: () => T): T {
    const child = this.forkForPart();
    const leave = (): void => child.deactivate();
    let result: T;
    try {
      result = runInScope(new ClientScope(currentScope(), this.owner, child), fn);
    } catch (error) {
      leave();
      throw error;
    }
    // Not by `instanceof`, which asks a proxy.
    if (types.isPromise(result)) {
      return result.then(
        (value: unknown) => {
          leave();
          return value;
        },
        (error: unknown) => {
          leave();
          throw error;
        },
      ) as T;
    }
    leave();
    return result;
  }

  /**
   * Enters a scope of its own for the rest of the block: `using scope = client.context.enter()`.
   *
   * Until it is disposed of, an async function's caller is in it as well, as far as it runs meanwhile; for work
   * that runs side by side `run` is the one that isolates.
   */
  enter(): EnteredContext {
    const outer = currentScope();
    const child = this.forkForPart();
    const scope = new ClientScope(outer, this.owner, child);
    enterScope(scope);
    return {
      context: child,
      [Symbol.dispose]: () => {
        child.deactivate();
        scope.end();
        enterScope(outer);
      },
    };
  }
}
