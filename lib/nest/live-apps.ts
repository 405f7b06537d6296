import { currentScope } from '../context/scope';
import { NestWork } from './nest-work';
import type { RavenApp } from './raven-app';

/**
 * The apps that are not closed. A decorated method belongs to a class, and a class to no app: when one of
 * its calls fails, this is where the app is found.
 */
export const liveApps = new Set<RavenApp>();

/**
 * The app an object belongs to: the one that has it in its container, else the one whose request this is
 * (request-scoped objects are in no list), else the newest that has its class.
 */
export function appOf(instance: unknown, type: unknown): RavenApp | undefined {
  if (liveApps.size <= 1) return liveApps.values().next().value;
  const apps = [...liveApps].reverse();
  return (
    apps.find((app) => instance !== undefined && app.owns(instance)) ??
    appOfWork() ??
    apps.find((app) => app.declares(type))
  );
}

/** The app whose request or message this is. */
export function appOfWork(): RavenApp | undefined {
  const work = currentScope()?.work;
  return work instanceof NestWork ? work.app : undefined;
}
