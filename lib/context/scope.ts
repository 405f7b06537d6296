import { AsyncLocalStorage } from 'node:async_hooks';
import type { PropagationContext, SpanIds } from '../protocol/trace';
import type { RecordedBreadcrumb } from './breadcrumb-buffer';
import type { Context, ContextOwner } from './context';

/**
 * What an async flow runs in. It answers one question: which context does this client have here?
 *
 * The storage below holds no state of any app: each flow carries its own scope.
 */
export interface Scope {
  contextOf(client: ContextOwner): Context;
  /** The request, message or job this flow belongs to, if it belongs to one. */
  readonly work: WorkScope | undefined;
  /** Whether nothing is captured here: the app's hooks and our own deliveries run in such a scope. */
  readonly isQuiet?: boolean | undefined;
}

const storage = new AsyncLocalStorage<Scope | undefined>();

/** The scope of the current async flow, or `undefined` outside of any. */
export function currentScope(): Scope | undefined {
  return storage.getStore();
}

/** Runs `fn` and all that it starts in `scope`. */
export function runInScope<T>(scope: Scope, fn: () => T): T {
  return storage.run(scope, fn);
}

/** Puts the rest of the current async flow into `scope`. */
export function enterScope(scope: Scope | undefined): void {
  storage.enterWith(scope);
}

/**
 * One request, message or job: every client has a context of its own in it, made when it is first needed,
 * so that entering one costs no more than the object itself.
 */
export class WorkScope implements Scope {
  /** Most apps have one client: a map for it alone would take longer than all else here. */
  #client?: ContextOwner;
  #context?: Context;
  #others?: Map<ContextOwner, Context>;

  /** The span of another tracer in which an error of this work was raised: it may have ended when that is reported. */
  span: SpanIds | undefined = undefined;

  get work(): WorkScope {
    return this;
  }

  contextOf(client: ContextOwner): Context {
    if (client === this.#client && this.#context) return this.#context;
    let context = this.#others?.get(client);
    if (!context) {
      context = this.origin(client).forkForWork();
      this.#keep(client, context);
    }
    return context;
  }

  #keep(client: ContextOwner, context: Context): void {
    if (this.#context) {
      (this.#others ??= new Map()).set(client, context);
    } else {
      this.#client = client;
      this.#context = context;
    }
  }

  /** What a context of this piece of work begins with: what was set at bootstrap, or in the work it is part of. */
  protected origin(client: ContextOwner): Context {
    return client.rootContext;
  }

  /**
   * What this piece of work adds to an event captured in it, below everything that was set on purpose:
   * request, transaction, user, contexts. Called only when an event is built.
   */
  describe(_client: ContextOwner): Record<string, unknown> {
    return {};
  }

  /** What it began with, as a breadcrumb before its own: the line of a request. Called only when an event is built. */
  firstBreadcrumb(): RecordedBreadcrumb | undefined {
    return undefined;
  }

  /** The trace this piece of work continues; none: it begins one. */
  trace(_client: ContextOwner): PropagationContext | undefined {
    return undefined;
  }
}

/** An explicit scope of one client inside whatever surrounds it; other clients do not notice it. */
export class ClientScope implements Scope {
  readonly isQuiet: boolean | undefined;
  private hasEnded = false;

  constructor(
    private readonly outer: Scope | undefined,
    private readonly client: ContextOwner,
    private readonly context: Context,
  ) {
    this.isQuiet = outer?.isQuiet;
  }

  /**
   * Whoever still has this scope is in the one around it from now on: an async function that entered it has
   * left it with its caller, too.
   */
  end(): void {
    this.hasEnded = true;
  }

  get work(): WorkScope | undefined {
    return this.outer?.work;
  }

  contextOf(client: ContextOwner): Context {
    if (client === this.client && !this.hasEnded) return this.context;
    return this.outer?.contextOf(client) ?? client.rootContext;
  }
}

/** A scope in which nothing is captured, so that a hook's or a delivery's own errors cannot come round again. */
class QuietScope implements Scope {
  readonly isQuiet = true;

  constructor(private readonly outer: Scope | undefined) {}

  get work(): WorkScope | undefined {
    return this.outer?.work;
  }

  contextOf(client: ContextOwner): Context {
    return this.outer?.contextOf(client) ?? client.rootContext;
  }
}

/** Runs `fn`, and all that it starts, with capturing off. */
export function runQuietly<T>(fn: () => T): T {
  return storage.run(new QuietScope(storage.getStore()), fn);
}
