import 'reflect-metadata';
import type { CaptureContext } from '../client/capture-context';
import type { Level } from '../protocol/event';
import type { IgnoredException } from '../event/ignored-exceptions';
import type { ClassOf } from '../raven.options';

/** A value of a tag or an extra: as it is, or worked out when an event is built. */
export type ReportValue = unknown;

/** Works a value out of where the error was raised, at once. One that throws or gives a promise loses only its own value. */
export type ReportValueFunction = (context: CaptureContext) => unknown;

/** What `@CaptureErrors` was told. */
export interface CaptureErrorsOptions {
  /** Classes of errors to report; none: all. */
  types?: readonly (abstract new (...args: never[]) => unknown)[] | undefined;
  level?: Level | undefined;
  tags?: Record<string, unknown> | undefined;
  extra?: Record<string, unknown> | undefined;
  fingerprint?: string[] | undefined;
  /** Name of the client that reports; default the unnamed one. */
  client?: string | undefined;
}

/** A parameter whose value goes along. */
export interface ReportedParameter {
  index: number;
  kind: 'tags' | 'extra';
  key: string;
}

/** What decorators say of one class or method. */
export interface ReportMetadata {
  readonly tags?: Readonly<Record<string, ReportValue>>;
  readonly extra?: Readonly<Record<string, ReportValue>>;
  readonly level?: Level;
  readonly fingerprint?: readonly string[] | ReportValueFunction;
  readonly ignored?: readonly IgnoredException[];
  readonly parameters?: readonly ReportedParameter[];
  readonly capture?: CaptureErrorsOptions;
}

const KEY = Symbol('nestjs-raven:report');
const NOTHING: ReportMetadata = Object.freeze({});

/** Read once per method: what decorators said does not change. */
const known = new WeakMap<object, Map<PropertyKey, ReportMetadata>>();

/**
 * Adds to what is known of a class (`key` undefined) or of a method.
 *
 * @param target - what a decorator gets: the class, or the prototype (the class for static methods)
 */
export function declareReport(target: object, key: string | symbol | undefined, added: ReportMetadata): void {
  const own = ownMetadata(target, key) ?? NOTHING;
  const merged = merge(own, added);
  if (key === undefined) Reflect.defineMetadata(KEY, merged, target);
  else Reflect.defineMetadata(KEY, merged, target, key);
}

/** What is known of a method: its own wins over its class's, a class's over its base class's. */
export function reportMetadataOf(type: ClassOf<unknown> | undefined, method: PropertyKey): ReportMetadata {
  if (!type) return NOTHING;
  let methods = known.get(type);
  if (!methods) known.set(type, (methods = new Map()));
  let metadata = methods.get(method);
  if (!metadata) methods.set(method, (metadata = collect(type, method)));
  return metadata;
}

function collect(type: ClassOf<unknown>, method: PropertyKey): ReportMetadata {
  const lineage: ClassOf<unknown>[] = [];
  for (let current: unknown = type; isClass(current); current = Object.getPrototypeOf(current)) {
    lineage.unshift(current);
  }
  const key = method as string | symbol;
  const ofClasses = lineage.map((current) => ownMetadata(current, undefined));
  const ofMethods = lineage.flatMap((current) => [
    ownMetadata(current, key),
    ownMetadata(current.prototype as object, key),
  ]);
  return [...ofClasses, ...ofMethods].reduce<ReportMetadata>(
    (merged, next) => (next ? merge(merged, next) : merged),
    NOTHING,
  );
}

function isClass(value: unknown): value is ClassOf<unknown> {
  return typeof value === 'function' && value !== Function.prototype;
}

function ownMetadata(target: object, key: string | symbol | undefined): ReportMetadata | undefined {
  return (
    key === undefined ? Reflect.getOwnMetadata(KEY, target) : Reflect.getOwnMetadata(KEY, target, key)
  ) as ReportMetadata | undefined;
}

function merge(under: ReportMetadata, over: ReportMetadata): ReportMetadata {
  return {
    ...under,
    ...over,
    tags: { ...under.tags, ...over.tags },
    extra: { ...under.extra, ...over.extra },
    ignored: [...(under.ignored ?? []), ...(over.ignored ?? [])],
    parameters: [...(under.parameters ?? []), ...(over.parameters ?? [])],
  };
}
