import { MetadataScanner } from '@nestjs/core';
import type { GraphQLSchema } from 'graphql';
import type { ClassOf } from '../../raven.options';
import type { RaisedAt } from '../error-reporter';
import {
  FIELD_RESOLVER_METADATA,
  REFERENCE_RESOLVER_METADATA,
  RESOLVER_NAME_METADATA,
  RESOLVER_TYPE_METADATA,
} from '../nest-metadata';
import type { RavenApp } from '../raven-app';
import type { FailedField } from './failed-field';

const ROOT_TYPES: readonly unknown[] = ['Query', 'Mutation', 'Subscription'];

/** The resolvers of an app by the fields they are for, looked up when the first of them fails. */
export class Resolvers {
  private byField?: Map<string, RaisedAt>;

  constructor(private readonly app: RavenApp) {}

  /** The class and method behind a field; nothing where it has none of its own. */
  at({ parentType, fieldName }: FailedField, schema: GraphQLSchema | undefined): RaisedAt {
    this.byField ??= new Map(resolversOf(this.app));
    for (const name of [parentType, ...relatedTypes(schema, parentType)]) {
      const resolver = this.byField.get(`${name}.${fieldName}`);
      if (resolver) return resolver;
    }
    return {};
  }
}

/** The field that a resolver is for, as its decorators say; undefined where the method is no resolver. */
export function fieldOf(type: ClassOf<unknown>, method: string): FailedField | undefined {
  const handler = (type.prototype as Record<string, unknown>)[method];
  if (typeof handler !== 'function') return undefined;
  const own: unknown = Reflect.getMetadata(RESOLVER_TYPE_METADATA, handler);
  const isReference = Reflect.hasMetadata(REFERENCE_RESOLVER_METADATA, handler);
  const isResolver =
    isReference || ROOT_TYPES.includes(own) || Reflect.hasMetadata(FIELD_RESOLVER_METADATA, handler);
  const parentType: unknown = own ?? Reflect.getMetadata(RESOLVER_TYPE_METADATA, type);
  if (!isResolver || typeof parentType !== 'string') return undefined;
  const name = Reflect.getMetadata(RESOLVER_NAME_METADATA, handler) as string | undefined;
  return { parentType, fieldName: isReference ? '__resolveReference' : (name ?? method) };
}

function* resolversOf(app: RavenApp): Generator<[string, RaisedAt]> {
  const scanner = new MetadataScanner();
  for (const module of app.modules.values()) {
    for (const { metatype } of module.providers.values()) {
      if (typeof metatype !== 'function' || !metatype.prototype) continue;
      const type = metatype as ClassOf<unknown>;
      for (const handlerName of scanner.getAllMethodNames(type.prototype as object)) {
        const field = fieldOf(type, handlerName);
        if (!field) continue;
        const handler = (type.prototype as Record<string, RaisedAt['handler']>)[handlerName];
        yield [`${field.parentType}.${field.fieldName}`, { kind: 'graphql', type, handler, handlerName }];
      }
    }
  }
}

/** The interfaces of a type, or the types of an interface: a field's resolver may stand on either. */
function relatedTypes(schema: GraphQLSchema | undefined, name: string): string[] {
  const type = schema?.getType(name);
  if (!schema || !type) return [];
  const interfaces = 'getInterfaces' in type ? type.getInterfaces() : [];
  const possible = 'resolveType' in type ? schema.getPossibleTypes(type) : [];
  return [...interfaces, ...possible].map((related) => related.name);
}
