import { currentScope } from '../context/scope';
import { NestWork } from './nest-work';
import type { RavenApp } from './raven-app';

/** The apps that are not closed, and what is known of whose an object or a class is. */
class LiveApps extends Set<RavenApp> {
  private owners = new WeakMap<object, RavenApp>();
  private declarers = new WeakMap<object, RavenApp>();

  override add(app: RavenApp): this {
    this.forget();
    return super.add(app);
  }

  override delete(app: RavenApp): boolean {
    this.forget();
    return super.delete(app);
  }

  /** The newest app that has the object in its container. */
  ownerOf(instance: unknown): RavenApp | undefined {
    return this.remembered(this.owners, instance, (app) => app.owns(instance));
  }

  /** The newest app that has the class. */
  declarerOf(type: unknown): RavenApp | undefined {
    return this.remembered(this.declarers, type, (app) => app.declares(type));
  }

  /** Only what was found is remembered: an app makes its objects one after the other, and may load modules later. */
  private remembered(
    memory: WeakMap<object, RavenApp>,
    key: unknown,
    isOf: (app: RavenApp) => boolean,
  ): RavenApp | undefined {
    if ((typeof key !== 'object' || key === null) && typeof key !== 'function') return undefined;
    const known = memory.get(key);
    if (known) return known;
    const found = [...this].reverse().find(isOf);
    if (found) memory.set(key, found);
    return found;
  }

  /** A newer app may have the same object or class, and a closed one is to be held by nothing. */
  private forget(): void {
    this.owners = new WeakMap();
    this.declarers = new WeakMap();
  }
}

/**
 * The apps that are not closed. A decorated method belongs to a class, and a class to no app: when one of
 * its calls fails, this is where the app is found.
 */
export const liveApps = new LiveApps();

/**
 * The app an object belongs to: the one that has it in its container, else the one whose request this is
 * (request-scoped objects are in no list), else the newest that has its class.
 */
export function appOf(instance: unknown, type: unknown): RavenApp | undefined {
  if (liveApps.size <= 1) return liveApps.values().next().value;
  return liveApps.ownerOf(instance) ?? appOfWork() ?? liveApps.declarerOf(type);
}

/** The app whose request or message this is. */
export function appOfWork(): RavenApp | undefined {
  const work = currentScope()?.work;
  return work instanceof NestWork ? work.app : undefined;
}
