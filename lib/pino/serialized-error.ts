import { safeRead, safeString } from '../event/safe-read';
import { errorOfStack, type LoggedError } from '../logger/error-of-stack';

const MAX_DEPTH = 5;
const MAX_ERRORS = 20;
const TAKEN: ReadonlySet<string> = new Set([
  'type',
  'name',
  'message',
  'stack',
  'cause',
  'aggregateErrors',
  'raw',
]);

/**
 * The error that pino's serializers wrote into a line: `type`, `message` and `stack`, of which the last two also hold
 * the causes; properties of its own beside them. Undefined where it is none.
 */
export function errorOfSerialized(value: unknown, depth = 0): LoggedError | undefined {
  const message = safeString(value, 'message');
  const stack = safeString(value, 'stack');
  if (typeof value !== 'object' || value === null || message === undefined || depth > MAX_DEPTH)
    return undefined;
  const written = stack === undefined ? undefined : errorOfStack(stack);
  const name = safeString(value, 'type') ?? safeString(value, 'name') ?? written?.name ?? 'Error';
  const cause = errorOfSerialized(safeRead(value, 'cause'), depth + 1) ?? written?.cause;
  const errors = errorsOf(safeRead(value, 'aggregateErrors'), depth);
  return {
    ...Object.fromEntries(Object.entries(value).filter(([key]) => !TAKEN.has(key))),
    name,
    message: written?.message ?? message,
    stack: written?.stack ?? stack ?? '',
    ...(cause && { cause }),
    ...(errors.length > 0 && { errors }),
  };
}

function errorsOf(list: unknown, depth: number): LoggedError[] {
  if (!Array.isArray(list)) return [];
  return list
    .slice(0, MAX_ERRORS)
    .map((error) => errorOfSerialized(error, depth + 1))
    .filter((error) => error !== undefined);
}
