import { types } from 'node:util';
import { currentScope } from '../../context/scope';
import { className, safeRead } from '../../event/safe-read';
import { ConfigurableRavenModule } from '../../raven.module-definition';
import type { ClassOf } from '../../raven.options';
import { classesOf, instancesOf, lastingInstancesOf } from '../app-instances';
import type { Door } from '../door';
import { deliverBeforeFailing } from '../jobs/deliver-before-failing';
import { JobScope } from '../jobs/job-scope';
import { MethodWrappers, type MethodCall } from '../jobs/method-wrappers';
import { appOf } from '../live-apps';
import { NestWork } from '../nest-work';
import { overlayMethod } from '../overlay-method';
import type { RavenApp } from '../raven-app';
import { isCalledByNest } from './called-by-nest';

const START_HOOKS = ['onModuleInit', 'onApplicationBootstrap'];
const SHUTDOWN_HOOKS = ['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown'];
const LAST_HOOK = 'onApplicationShutdown';
const HOOKS = [...START_HOOKS, ...SHUTDOWN_HOOKS];

const wrappers = new MethodWrappers();

/** The hooks that are running, by their object: one that calls its base class's is one hook. */
const running = new WeakMap<object, Set<string>>();

/**
 * An app's lifecycle hooks, as Nest calls them. What they fail with is reported and delivered before Nest
 * hears of it, since the process may then end. Where the app calls one itself, it is a method like any other.
 *
 * They have no scope of their own: what is set in them is set for the whole app.
 */
export class LifecycleDoor implements Door {
  private readonly undo: (() => void)[] = [];
  private isReady = false;
  /** The classes, and the single objects, whose hooks are watched. */
  private readonly watched = new Set<unknown>();
  /** Whose last hook has run. */
  private readonly ended = new WeakSet<object>();

  constructor(private readonly app: RavenApp) {}

  open(): void {
    for (const type of classesOf(this.app.modules)) {
      if (isOurs(type)) continue;
      this.watched.add(type);
      for (const hook of HOOKS) {
        if (hasHook(type.prototype, hook)) this.undo.push(wrappers.wrap(type, hook, aroundHook));
      }
    }
  }

  prepare(): void {
    this.ready();
  }

  ready(): void {
    if (this.isReady) return;
    this.isReady = true;
    // A factory's object is of a class that need not be the app's own, and a hook may be the object's own.
    for (const instance of new Set(instancesOf(this.app.modules))) {
      const isKnown = this.watched.has(classOf(instance));
      for (const hook of HOOKS) {
        if (!hasHook(instance, hook) || !Object.isExtensible(instance) || isOurs(classOf(instance))) continue;
        if (isKnown && !Object.hasOwn(instance, hook)) continue;
        this.watched.add(instance);
        this.undo.push(watchHook(instance, hook));
      }
    }
  }

  /** Whether objects of the app have not yet had their last hook called. */
  hasHooksLeft(): boolean {
    for (const instance of lastingInstancesOf(this.app.modules)) {
      const isOfClass = this.watched.has(classOf(instance)) && !Object.hasOwn(instance, LAST_HOOK);
      const isWatched = isOfClass || this.watched.has(instance);
      if (isWatched && !this.ended.has(instance) && hasHook(instance, LAST_HOOK)) return true;
    }
    return false;
  }

  /** Says that the last hook of an object has run. */
  end(instance: object): void {
    this.ended.add(instance);
  }

  close(): void {
    for (const step of this.undo.splice(0).reverse()) step();
    this.watched.clear();
    this.isReady = false;
  }
}

/** The module's own hooks close what would report. */
function isOurs(type: ClassOf<unknown>): boolean {
  return type.name === 'RavenApp' || type.prototype instanceof ConfigurableRavenModule;
}

function classOf(instance: object): ClassOf<unknown> {
  const type = safeRead(instance, 'constructor');
  return (typeof type === 'function' ? type : Object) as ClassOf<unknown>;
}

function hasHook(holder: unknown, hook: string): boolean {
  return typeof safeRead(holder, hook) === 'function';
}

function watchHook(instance: object, hook: string): () => void {
  return overlayMethod(
    instance,
    hook,
    (method) =>
      function (...args) {
        const at = { type: classOf(instance), handlerName: hook };
        return aroundHook({ instance: this, args, at, proceed: () => method.apply(this, args) });
      },
  );
}

function aroundHook({ instance, args, at, proceed }: MethodCall): unknown {
  const { handlerName: hook, type } = at;
  const isStart = START_HOOKS.includes(hook);
  // Where the stack does not tell: a request may well close an app, but it starts none.
  const isNests = isCalledByNest(aroundHook) ?? !(isStart && currentScope()?.work instanceof NestWork);
  const app = isNests ? appOf(instance, type) : undefined;
  if (!app || typeof instance !== 'object' || instance === null) return proceed();
  const end = begin(instance, hook);
  if (!end) return proceed();
  if (!isStart) app.shutdownTime.begin();
  const name = `${type.name || className(instance)}.${hook}`;
  const result = deliverBeforeFailing(
    app,
    () => ending(proceed, end),
    (error) => {
      const job = { kind: 'lifecycle', name, level: isStart ? 'fatal' : 'error' } as const;
      new JobScope(app, () => job, 'lifecycle', args, currentScope()).note(error, at);
    },
  );
  if (hook !== LAST_HOOK) return result;
  const after = (): Promise<void> => {
    app.lifecycle.end(instance);
    return app.closeAfterHooks();
  };
  return types.isPromise(result) ? result.finally(after) : after().then(() => result);
}

/** Says that a hook runs. @returns says that it has ended; undefined where it was running */
function begin(instance: object, hook: string): (() => void) | undefined {
  let hooks = running.get(instance);
  if (!hooks) running.set(instance, (hooks = new Set()));
  if (hooks.has(hook)) return undefined;
  hooks.add(hook);
  return () => hooks.delete(hook);
}

function ending(fn: () => unknown, end: () => void): unknown {
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    end();
    throw error;
  }
  if (types.isPromise(result)) return result.finally(end);
  end();
  return result;
}
