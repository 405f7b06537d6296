import { cutText } from '../cut-text';
import { className, safeRead, safeString } from '../safe-read';
import type { ErrorKind } from './error-kind';
import { fieldNames, fieldPath, fieldProblems, listOfProblems } from './field-names';
import { isPlainMapping, ownKeys } from './plain-mapping';

const MAX_FIELDS = 50;
const MAX_STEPS = 20;
const MAX_TEXT = 500;
const MAX_MESSAGE = 8192;

/** Mongoose's invalid documents: fields, and of what kind each problem is. */
export const mongooseValidationError: ErrorKind = {
  matches: (error) =>
    nameOf(error) === 'ValidationError' &&
    safeString(error, '_message') !== undefined &&
    isPlainMapping(safeRead(error, 'errors')),
  details: (error) => ({ fields: problemsOf(error) }),
  message: (error) =>
    `${cutText(safeString(error, '_message') ?? '', MAX_TEXT)}: ${listOfProblems(problemsOf(error))}`,
};

/** Mongoose's values that fit no field: the field, the type it has and the one that came. */
export const mongooseCastError: ErrorKind = {
  matches: (error) => /^(?:Cast|Validator)Error$/.test(nameOf(error)) && text(error, 'path') !== undefined,
  details: (error) => ({
    path: pathOf(text(error, 'path')),
    kind: text(error, 'kind'),
    valueType: text(error, 'valueType'),
    model: modelOf(error),
  }),
  message(error) {
    const at = `at path "${pathOf(text(error, 'path'))}"`;
    if (nameOf(error) === 'ValidatorError') return `Validation failed (${text(error, 'kind')}) ${at}`;
    const model = modelOf(error);
    const type = text(error, 'valueType');
    const given = type === undefined ? '' : ` (type ${type})`;
    return `Cast to ${text(error, 'kind')} failed${given} ${at}${model === undefined ? '' : ` for model "${model}"`}`;
  },
};

/** Mongoose's missing documents: by which fields they were looked for. */
export const mongooseNotFoundError: ErrorKind = {
  matches: (error) => nameOf(error) === 'DocumentNotFoundError' && safeRead(error, 'filter') !== undefined,
  details: (error) => {
    const numAffected = safeRead(error, 'numAffected');
    return {
      model: modelOf(error),
      filter: fieldNames(safeRead(error, 'filter')),
      numAffected: typeof numAffected === 'number' ? numAffected : undefined,
    };
  },
  message(error) {
    const names = listOfProblems(fieldNames(safeRead(error, 'filter')));
    return `No document found for query by ${names === '' ? 'nothing' : names} on model "${modelOf(error) ?? '?'}"`;
  },
};

/** What MongoDB's driver throws: its code, and of keys that are taken the index. */
export const mongoError: ErrorKind = {
  matches: (error) => /^(?:Mongo\w*|BulkWrite)Error$/.test(nameOf(error)),
  details(error) {
    const [, collection, index] = DUPLICATE.exec(messageOf(error)) ?? [];
    const code = safeRead(error, 'code');
    return {
      code: typeof code === 'number' ? code : text(error, 'code'),
      codeName: text(error, 'codeName'),
      collection,
      index,
      keyPattern: isPlainMapping(safeRead(error, 'keyPattern'))
        ? fieldNames(safeRead(error, 'keyPattern'))
        : undefined,
    };
  },
  message: (error) => messageOf(error).replace(/(dup key: )[^]*/, '$1{ ? }'),
};

const DUPLICATE = /collection: (\S{1,200}) index: (\S{1,200})/;

function problemsOf(error: object): string[] {
  const errors = safeRead(error, 'errors');
  return fieldProblems(
    ownKeys(errors, MAX_FIELDS).map((key) => [pathOf(key), kindOf(safeRead(errors, key))] as const),
  );
}

/** A value that fits no field has its name for a kind, one that breaks a rule has the rule's. */
function kindOf(problem: unknown): string {
  const kind = text(problem, 'kind') ?? '';
  return safeString(problem, 'name') === 'CastError' ? `no ${kind}` : kind;
}

function pathOf(path = ''): string {
  return fieldPath(path.split('.', MAX_STEPS));
}

function modelOf(error: object): string | undefined {
  const model = /(?:for|on) model "([\w.$-]{1,200})"/g;
  return [...messageOf(error).matchAll(model)].at(-1)?.[1];
}

function messageOf(error: object): string {
  return cutText(safeString(error, 'message') ?? '', MAX_MESSAGE);
}

function nameOf(error: object): string {
  return safeString(error, 'name') ?? className(error);
}

function text(error: unknown, key: string): string | undefined {
  const value = safeString(error, key);
  return value === undefined || value === '' ? undefined : cutText(value, MAX_TEXT);
}
