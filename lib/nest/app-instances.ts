import type { ModulesContainer } from '@nestjs/core';
import { safeRead } from '../event/safe-read';
import type { ClassOf } from '../raven.options';

/** The classes of an app's modules, providers, controllers, and guards, pipes, interceptors and filters. */
export function* classesOf(modules: ModulesContainer): Iterable<ClassOf<unknown>> {
  const seen = new Set<unknown>();
  for (const wrapper of wrappersOf(modules)) {
    const { metatype, inject } = wrapper;
    // With `inject` it is a factory's function.
    if (typeof metatype !== 'function' || inject || !metatype.prototype || seen.has(metatype)) continue;
    seen.add(metatype);
    yield metatype as ClassOf<unknown>;
  }
}

/** The objects that factories made or the app gave: nothing but they themselves tells their class. */
export function* givenInstancesOf(modules: ModulesContainer): Iterable<object> {
  const seen = new Set<unknown>();
  for (const wrapper of wrappersOf(modules)) {
    if ((wrapper.metatype && !wrapper.inject) || wrapper.isAlias) continue;
    const instance = instanceOf(wrapper);
    if (typeof instance !== 'object' || instance === null || seen.has(instance)) continue;
    seen.add(instance);
    yield instance;
  }
}

/** The objects whose hooks Nest calls, but for transient ones. */
export function* lastingInstancesOf(modules: ModulesContainer): Iterable<object> {
  for (const wrapper of wrappersOf(modules)) {
    if (wrapper.isTransient || wrapper.isAlias || !wrapper.isDependencyTreeStatic()) continue;
    const instance = instanceOf(wrapper);
    if (typeof instance === 'object' && instance !== null) yield instance;
  }
}

/** All objects there are one of in the app, however they were made. */
export function* instancesOf(modules: ModulesContainer): Iterable<object> {
  for (const wrapper of wrappersOf(modules)) {
    const instance = instanceOf(wrapper);
    if (typeof instance === 'object' && instance !== null) yield instance;
  }
}

type AnyModule = ModulesContainer extends Map<string, infer Module> ? Module : never;
type AnyWrapper = AnyModule['providers'] extends Map<unknown, infer Wrapper> ? Wrapper : never;

function* wrappersOf(modules: ModulesContainer): Iterable<AnyWrapper> {
  for (const module of modules.values()) {
    yield* module.providers.values();
    yield* module.controllers.values();
    yield* module.injectables.values();
  }
}

/** NestJS 10 fails to tell of an object that could not be made. */
function instanceOf(wrapper: AnyWrapper): unknown {
  return safeRead(wrapper, 'instance');
}
