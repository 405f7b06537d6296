import type { ModulesContainer } from '@nestjs/core';
import { safeRead, safeString } from '../../event/safe-read';
import type { ClassOf } from '../../raven.options';
import { InvalidOptionsError } from '../../validate-options';
import { FEATURE_OPTIONS, RavenFeatureModule, type RavenFeatureOptions } from './feature-options';

type NestModule = ModulesContainer extends Map<string, infer M> ? M : never;
type AnyWrapper = NestModule['providers'] extends Map<unknown, infer W> ? W : never;

/** A frame of a class's method, constructor or static method: `at async OrdersService.find (`, `at new Order (`. */
const CLASS_IN_FRAME = /^\s*at (?:async )?(?:new ([\w$]+)|(?:Function\.)?([\w$]+)\.[^\s(]+)/;
const MAX_FRAMES = 100;

/**
 * What an app's feature modules say of their errors, `RavenModule.forFeature`. Whose an error is tell the classes
 * that it passed through: of its stack, which names every method without anything being watched, and of the handler.
 */
export class Features {
  private classes = new Map<unknown, RavenFeatureOptions>();
  /**
   * By the name of the class, as a stack has it; null where classes of several features, or of one and of none,
   * have that name.
   */
  private names = new Map<string, RavenFeatureOptions | null>();
  /** Modules loaded later count as well. */
  private modulesRead = 0;

  constructor(private readonly modules: ModulesContainer) {}

  /**
   * What holds for an error, the nearest module's before those around it.
   *
   * @param types - the classes it is known to have passed through, the nearest first
   * @returns undefined where it is no feature's
   */
  of(exception: unknown, types: readonly (ClassOf<unknown> | undefined)[]): RavenFeatureOptions | undefined {
    if (this.modulesRead !== this.modules.size) this.read();
    if (this.classes.size === 0) return undefined;
    const features = new Set<RavenFeatureOptions>();
    for (const name of classNames(exception)) {
      const feature = this.names.get(name);
      if (feature) features.add(feature);
    }
    for (const type of types) {
      const feature = this.classes.get(type);
      if (feature) features.add(feature);
    }
    return features.size === 0 ? undefined : merged([...features]);
  }

  /** @throws InvalidOptionsError where a feature names a client that there is not */
  check(hasClient: (name: string) => boolean): void {
    this.read();
    for (const { client } of this.classes.values()) {
      if (client === undefined || hasClient(client)) continue;
      throw new InvalidOptionsError(
        `RavenModule.forFeature: there is no client "${client}"; expected the name of one, RavenModule.forRoot({ name: "${client}", … })`,
      );
    }
  }

  private read(): void {
    this.classes = new Map();
    this.names = new Map();
    this.modulesRead = this.modules.size;
    const modules = [...this.modules.values()].map((module) => ({ module, feature: featureOf(module) }));
    if (modules.every(({ feature }) => !feature)) return;
    for (const { module, feature } of modules) {
      for (const type of classesOf(module)) {
        if (feature) this.classes.set(type, feature);
        this.enterName(type.name, feature ?? null);
      }
      // Whose a guard or a pipe is tells the handler; the name of its class is taken all the same.
      for (const type of enhancersOf(module)) this.enterName(type.name, feature ?? null);
    }
  }

  private enterName(name: string, feature: RavenFeatureOptions | null): void {
    const known = this.names.get(name);
    this.names.set(name, known === undefined || known === feature ? feature : null);
  }
}

/** Several of one module are one. */
function featureOf(module: NestModule): RavenFeatureOptions | undefined {
  const own = [...module.imports]
    .filter(({ metatype }) => metatype === RavenFeatureModule)
    .map(({ providers }) => providers.get(FEATURE_OPTIONS)?.instance as RavenFeatureOptions | undefined)
    .filter((options) => options !== undefined);
  return own.length === 0 ? undefined : own.length === 1 ? own[0] : merged(own.reverse());
}

function classesOf({ controllers, providers }: NestModule): ClassOf<unknown>[] {
  return [...controllers.values(), ...providers.values()].map(classOf).filter((type) => type !== undefined);
}

/** Its guards, pipes, interceptors and filters. */
function enhancersOf({ injectables }: NestModule): ClassOf<unknown>[] {
  return [...injectables.values()].map(classOf).filter((type) => type !== undefined);
}

function classOf(wrapper: AnyWrapper): ClassOf<unknown> | undefined {
  const { metatype, inject, isAlias } = wrapper;
  // Another name for what a module has, often another one.
  if (isAlias) return undefined;
  // What a factory or a value gives is told by its class.
  const type: unknown =
    inject || !metatype ? safeRead(safeRead(wrapper, 'instance'), 'constructor') : metatype;
  return typeof type === 'function' && !isBuiltIn(type) ? (type as ClassOf<unknown>) : undefined;
}

/** Whether it is the language's: a list that is provided makes `Array` nobody's. */
function isBuiltIn(type: object): boolean {
  return safeRead(globalThis, safeString(type, 'name') ?? '') === type;
}

/** @param features - the nearest first */
function merged(features: readonly RavenFeatureOptions[]): RavenFeatureOptions {
  return features.reduceRight<RavenFeatureOptions>(
    (around, near) => ({
      ...around,
      ...near,
      tags: { ...around.tags, ...near.tags },
      extra: { ...around.extra, ...near.extra },
    }),
    {},
  );
}

/** The classes in an error's stack, the nearest first. */
function* classNames(exception: unknown): Iterable<string> {
  const lines = safeString(exception, 'stack')?.slice(0, 20_000).split('\n', MAX_FRAMES) ?? [];
  for (const line of lines) {
    const match = CLASS_IN_FRAME.exec(line);
    if (match) yield match[1] ?? match[2];
  }
}
