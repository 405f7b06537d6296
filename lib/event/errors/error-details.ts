import { isPasswordKey } from '../../processors/password-keys';
import { isErrorLike, typeName } from '../exception-values';
import { axiosError } from './axios-error';
import { classValidatorError } from './class-validator-error';
import { databaseError } from './database-error';
import type { DetailOptions, ErrorKind } from './error-kind';
import { graphqlError } from './graphql-error';
import { httpException } from './http-exception';
import {
  mongoError,
  mongooseCastError,
  mongooseNotFoundError,
  mongooseValidationError,
} from './mongoose-error';
import { ownProperties } from './own-properties';
import { prismaError } from './prisma-error';
import { redisError } from './redis-error';
import { sequelizeError } from './sequelize-error';
import { typeormNotFoundError, typeormQueryError } from './typeorm-error';
import { zodError } from './zod-error';

/** The first that matches is taken. */
const KINDS: readonly ErrorKind[] = [
  axiosError,
  typeormQueryError,
  typeormNotFoundError,
  prismaError,
  sequelizeError,
  mongooseValidationError,
  mongooseCastError,
  mongooseNotFoundError,
  mongoError,
  databaseError,
  zodError,
  graphqlError,
  redisError,
  httpException,
  classValidatorError,
];
const GENERAL: ErrorKind = { matches: () => true, details: ownProperties };

const MAX_CONTEXTS = 5;
const MAX_NAME = 64;
/** Names that mean something else to a server, or that other parts of the event have. */
const TAKEN: ReadonlySet<string> = new Set([
  'app',
  'browser',
  'cloud_resource',
  'culture',
  'device',
  'feedback',
  'flags',
  'gpu',
  'monitor',
  'otel',
  'os',
  'profile',
  'query',
  'replay',
  'response',
  'runtime',
  'state',
  'storm_guard',
  'trace',
  'unity',
  'unreal',
]);
const GENERAL_NAME = 'Error';

/**
 * Contexts of what errors tell beside message and stack, by the error's type: `AxiosError`; of the first five that have
 * anything to tell. Where two have the same type, the second is `AxiosError 2`. Never throws.
 *
 * An error whose type would be masked as a secret's name, or that has a name of the protocol's, is told as `Error`,
 * with its name inside.
 */
export function errorContexts(
  errors: readonly unknown[],
  options: DetailOptions,
): Record<string, Record<string, unknown>> {
  const contexts = new Map<string, Record<string, unknown>>();
  for (const error of errors) {
    if (contexts.size >= MAX_CONTEXTS) break;
    const kind = kindOf(error);
    if (!kind) continue;
    const details = detailsOf(error as object, kind, options);
    if (Object.keys(details).length === 0) continue;
    const type = kind.contextName ?? typeName(error).slice(0, MAX_NAME);
    const isFit = !TAKEN.has(type.toLowerCase()) && !isPasswordKey(type);
    if (isFit) contexts.set(freeName(type, contexts), details);
    else contexts.set(freeName(GENERAL_NAME, contexts), { name: type, ...details });
  }
  return Object.fromEntries(contexts);
}

/**
 * An error's message without the values that its library writes into it; undefined where its own message will do.
 * Where personal data may be told, only messages that nobody can read are replaced. Never throws.
 */
export function errorMessage(error: unknown, { sendDefaultPii }: DetailOptions): string | undefined {
  const kind = kindOf(error);
  if (!kind?.message || (sendDefaultPii && !kind.isOwnMessageUnreadable)) return undefined;
  try {
    return kind.message(error as object);
  } catch {
    return undefined;
  }
}

/** @returns undefined where nothing but the value itself could be told */
function kindOf(error: unknown): ErrorKind | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  try {
    const known = KINDS.find((kind) => kind.matches(error));
    return known ?? (isErrorLike(error) ? GENERAL : undefined);
  } catch {
    return undefined;
  }
}

function detailsOf(error: object, kind: ErrorKind, options: DetailOptions): Record<string, unknown> {
  try {
    const details = Object.entries(kind.details(error, options)).filter(([, value]) => !isEmpty(value));
    // A context's `type` would decide how a server shows it.
    return Object.fromEntries(details.map(([key, value]) => [key === 'type' ? 'errorType' : key, value]));
  } catch {
    return {};
  }
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object') return value === undefined;
  return value === null || (!(value instanceof Date) && Object.keys(value).length === 0);
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name} ${count}`;
  return free;
}
