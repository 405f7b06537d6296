import { watchOutcome } from '../../client/watch-outcome';
import { runInScope } from '../../context/scope';
import { hasMethods, overlayMethod } from '../overlay-method';
import type { RavenApp } from '../raven-app';
import { JobScope } from './job-scope';

type Callback = (this: unknown, ...args: unknown[]) => unknown;

/** A job of the package cron, as far as it is needed; the callbacks are its own, and there is no other way to them. */
interface CronJobLike {
  _callbacks?: Callback[];
}

/** The SchedulerRegistry of @nestjs/schedule. */
export interface SchedulerRegistryLike {
  getCronJobs(): Map<string, CronJobLike>;
}

/** Tells a SchedulerRegistry by what it can do: importing its class would need the package. */
export function isSchedulerRegistry(instance: object): instance is SchedulerRegistryLike {
  return hasMethods(instance, ['addCronJob', 'getCronJobs', 'doesExist']);
}

/**
 * Has every run of the cron jobs in this registry be one of its own, also of those that the app adds at any
 * time. Nothing tells of them, so this one object's `addCronJob` is overlaid. Intervals and timeouts are
 * running when the app adds them: what they throw is an uncaught exception, and reported as one.
 *
 * @returns takes everything away again
 */
export function watchTicks(app: RavenApp, registry: SchedulerRegistryLike): () => void {
  const originals = new WeakMap<CronJobLike, Callback[]>();
  const watch = (name: string, job: CronJobLike): void => {
    const callbacks = job._callbacks;
    if (!Array.isArray(callbacks) || originals.has(job)) return;
    originals.set(job, callbacks);
    // An array of its own: whoever has the old one keeps it as it was.
    job._callbacks = callbacks.map((callback) => ticking(app, name, callback));
  };
  const restore = overlayMethod(
    registry,
    'addCronJob',
    (add) =>
      function (name, job, ...rest) {
        const result = add.call(this, name, job, ...rest);
        watch(String(name), job as CronJobLike);
        return result;
      },
  );
  for (const [name, job] of registry.getCronJobs()) watch(name, job);
  return () => {
    for (const job of registry.getCronJobs().values()) {
      const callbacks = originals.get(job);
      if (callbacks) job._callbacks = callbacks;
    }
    restore();
  };
}

/** One callback of a job. A job made in a request outlives it, so that a run begins with what the app has set. */
function ticking(app: RavenApp, name: string, callback: Callback): Callback {
  return function (...args) {
    const scope = new JobScope(app, () => ({ kind: 'schedule', name }), 'schedule', args, undefined);
    return watchOutcome(
      () => runInScope(scope, () => callback.apply(this, args)),
      (error) => scope.note(error, {}),
    );
  };
}
