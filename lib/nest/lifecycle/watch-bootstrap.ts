import { NestFactory, type ModulesContainer } from '@nestjs/core';
import { className, safeRead } from '../../event/safe-read';
import { JobScope } from '../jobs/job-scope';
import { InvalidDsnError } from '../../protocol/dsn';
import { InvalidOptionsError } from '../../validate-options';
import { liveApps } from '../live-apps';
import { hasMethods, overlayMethod, type Overlaid } from '../overlay-method';
import type { RavenApp } from '../raven-app';

/** How long the end of a process waits for a client whose options are still being made. */
const CLIENT_WITHIN_MS = 500;

/** Apps that failed to start before their client was there. */
const waiting = new Map<unknown, (app: RavenApp) => void>();

let isWatching = false;

/**
 * Has what keeps an app from starting be reported and delivered, before Nest ends the process or tells who
 * started the app: provider factories and constructors that fail, dependencies that are missing.
 *
 * Nest calls factories before anything of this module is made, and waits for nothing once one has failed;
 * there is no seam for that in an app. So the one object that starts apps is overlaid, by the first
 * `forRoot`, for whatever app is started with it, for as long as the process lives: who starts an app has no
 * moment to undo it at, and the next may begin any time. It logs as ever, and the process ends as Nest would
 * have ended it; an app without RavenModule is none of its business.
 */
export function watchBootstrap(): void {
  // NestJS 10 to 12 have it, though it is private.
  if (isWatching || !hasMethods(NestFactory, ['initialize'])) return;
  isWatching = true;
  overlayMethod(NestFactory, 'initialize', watched);
}

/** Says that an app has a client now. */
export function tellBootstrap(app: RavenApp): void {
  waiting.get(app.modules)?.(app);
}

function watched(initialize: Overlaid): Overlaid {
  return async function (this: unknown, ...args: unknown[]): Promise<unknown> {
    const factory = this as object;
    const endsProcess = safeRead(factory, 'abortOnError') !== false;
    let isInZone = false;
    // The same factory but for this: it throws what it would have ended the process for.
    const throwing = Object.create(factory, {
      abortOnError: { value: false, writable: true },
      // Read as the last thing before what fails ends the process; what failed earlier goes to the caller.
      autoFlushLogs: {
        get: () => {
          isInZone = true;
          return safeRead(factory, 'autoFlushLogs');
        },
      },
    }) as object;
    try {
      return await initialize.apply(throwing, args);
    } catch (error) {
      if (!isInZone) throw error;
      const [root, container] = args;
      await report(error, root, container);
      if (endsProcess) process.exit(1);
      throw error;
    }
  };
}

async function report(error: unknown, root: unknown, container: unknown): Promise<void> {
  const modules = hasMethods(container, ['getModules'])
    ? (container as { getModules(): ModulesContainer }).getModules()
    : undefined;
  if (!modules) return;
  const app = await startedApp(modules, error);
  if (!app) {
    // What is there of the module is for nobody.
    for (const live of liveApps) if (live.modules === modules) await live.close();
    return;
  }
  const name = `${typeof root === 'function' ? root.name : className(root)} (bootstrap)`;
  const job = { kind: 'lifecycle', name, level: 'fatal' } as const;
  new JobScope(app, () => job, 'lifecycle', [], undefined).note(error, {});
  // Nobody has an app to close: all that was opened for it is undone here.
  await app.close();
}

/** The app of these modules once it has a client; undefined where it has none in time. */
function startedApp(
  modules: ModulesContainer,
  error: unknown,
): Promise<RavenApp | undefined> | RavenApp | undefined {
  const app = [...liveApps].find((live) => live.modules === modules && live.client());
  if (app || hasBadOptions(error) || !isBeingMade(modules)) return app;
  return new Promise((resolve) => {
    const settle = (found: RavenApp | undefined): void => {
      clearTimeout(timer);
      waiting.delete(modules);
      resolve(found);
    };
    const timer = setTimeout(() => settle(undefined), CLIENT_WITHIN_MS);
    waiting.set(modules, settle);
  });
}

/** Whether it is the client that could not be made. */
function hasBadOptions(error: unknown): boolean {
  return error instanceof InvalidOptionsError || error instanceof InvalidDsnError;
}

/** Whether the module is on its way: Nest has begun to make its providers. */
function isBeingMade(modules: ModulesContainer): boolean {
  return [...modules.values()].some(({ providers }) =>
    [...providers.values()].some(
      (wrapper) => wrapper.name === 'RavenApp' && Boolean(safeRead(wrapper, 'instance')),
    ),
  );
}
