import { cutText } from '../cut-text';
import { className, safeRead, safeString } from '../safe-read';
import { withoutKeyValues } from './database-error';
import type { ErrorKind } from './error-kind';
import { firstOf, isList } from './plain-mapping';

const MAX_TEXT = 500;
const MAX_MESSAGE = 8192;
const MAX_FIELDS = 20;
const NAME = /^PrismaClient\w*Error$/;
const INVOCATION = /Invalid `([^`\n]{1,200})` invocation/;
/** What `meta` tells of the schema; its other members may hold values. */
const META: readonly string[] = [
  'modelName',
  'model',
  'model_name',
  'target',
  'field_name',
  'column',
  'column_name',
  'table',
  'constraint',
  'relation_name',
  'code',
  'cause',
];

/** Prisma: which call, which model and fields, and its code. */
export const prismaError: ErrorKind = {
  matches: (error) => NAME.test(nameOf(error)) && safeRead(error, 'clientVersion') !== undefined,
  details(error) {
    const meta = safeRead(error, 'meta');
    const adapterCause = safeRead(safeRead(meta, 'driverAdapterError'), 'cause');
    const constraint = safeRead(adapterCause, 'constraint');
    return {
      code: text(safeRead(error, 'code')) ?? text(safeRead(error, 'errorCode')),
      call: INVOCATION.exec(messageOf(error))?.[1],
      ...Object.fromEntries(
        META.map((key) => [key === 'code' ? 'databaseCode' : key, schemaName(safeRead(meta, key))]),
      ),
      kind: text(safeRead(adapterCause, 'kind')),
      originalCode: text(safeRead(adapterCause, 'originalCode')),
      fields: schemaName(safeRead(constraint, 'fields')),
      index: text(safeRead(constraint, 'index')),
      clientVersion: text(safeRead(error, 'clientVersion')),
    };
  },
  message(error) {
    const message = messageOf(error);
    const call = INVOCATION.exec(message);
    // It shows all arguments of the call.
    if (nameOf(error) !== 'PrismaClientValidationError') return withoutKeyValues(message);
    const reason = message.trimEnd().split('\n\n').at(-1)?.trimStart().split('\n', 1)[0] ?? '';
    const isReason =
      call !== null && reason.length <= MAX_TEXT && !/[{}]/.test(reason) && !INVOCATION.test(reason);
    const what = call?.[0] ?? 'Invalid arguments';
    return isReason ? `${what}: ${reason.replaceAll(/\s+/g, ' ').replaceAll(/"[^"]*"?/g, '?')}` : what;
  },
};

function nameOf(error: object): string {
  const name = safeString(error, 'name');
  // Before Prisma 5 the class alone tells.
  return name !== undefined && NAME.test(name) ? name : className(error);
}

function messageOf(error: object): string {
  return cutText(safeString(error, 'message') ?? '', MAX_MESSAGE);
}

function schemaName(value: unknown): unknown {
  return isList(value) ? firstOf(value, MAX_FIELDS).map(text) : text(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? cutText(value, MAX_TEXT) : undefined;
}
