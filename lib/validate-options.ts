import { maskDsn, parseDsn } from './protocol/dsn';
import { isProcessorName } from './processors/processor-names';
import type { RavenOptions } from './raven.options';

/** Configuration that cannot work. Its message says what was given (secrets masked) and what is expected. */
export class InvalidOptionsError extends Error {
  override readonly name = 'InvalidOptionsError';
}

/** Says what is wrong with a value, or nothing. */
type Check = (value: unknown) => string | undefined;

const expects =
  (expected: string, test: (value: unknown) => boolean): Check =>
  (value) =>
    test(value) ? undefined : `is ${describe(value)}; expected ${expected}`;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';

const aBoolean = expects('true or false', (value) => typeof value === 'boolean');
const aString = expects('a string', isText);
const aFunction = expects('a function', (value) => typeof value === 'function');
const aMapping = expects('an object', (value) => isObject(value) && !Array.isArray(value));
const strings = expects('a list of strings', (value) => Array.isArray(value) && value.every(isText));
const aCount = expects('a whole number from 0', (value) => Number.isSafeInteger(value) && Number(value) >= 0);
const aSize = expects('a whole number from 1', (value) => Number.isSafeInteger(value) && Number(value) >= 1);

const CHECKS: { [Option in keyof Required<RavenOptions>]: Check } = {
  dsn: (value) => {
    if (!isText(value)) return aString(value);
    if (value.trim() === '') return undefined;
    try {
      parseDsn(value);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
  enabled: aBoolean,
  name: expects('a name that is not empty', (value) => isText(value) && value !== ''),
  serverName: aString,
  site: aString,
  release: aString,
  environment: aString,
  tags: aMapping,
  context: aMapping,
  includePaths: strings,
  excludePaths: strings,
  ignoreExceptions: expects(
    'a list of classes and names',
    (value) => Array.isArray(value) && value.every((entry) => isText(entry) || typeof entry === 'function'),
  ),
  sampleRate: expects(
    'a number from 0 to 1',
    (value) => typeof value === 'number' && value >= 0 && value <= 1,
  ),
  stringMaxLength: aSize,
  listMaxLength: aSize,
  autoLogStacks: aBoolean,
  captureLocals: expects('false: local variables are not captured', (value) => value === false),
  processors: checkProcessors,
  sanitizeKeys: strings,
  enableBreadcrumbs: aBoolean,
  maxBreadcrumbs: aCount,
  includeVersions: aBoolean,
  repos: aMapping,
  raiseSendErrors: aBoolean,
  transport: expects(
    'a transport with send, flush and close, or the class of one',
    (value) => typeof value === 'function' || hasMethods(value, ['send', 'flush', 'close']),
  ),
  captureFilter: aFunction,
  captureRetries: aBoolean,
  beforeSend: aFunction,
  beforeBreadcrumb: aFunction,
  sendDefaultPii: aBoolean,
  debug: aBoolean,
  shutdownTimeoutMs: aCount,
  exposeEventId: aBoolean,
  installProcessHandlers: aBoolean,
  spotlight: expects(
    'true, false or the URL of Spotlight',
    (value) => typeof value === 'boolean' || (isText(value) && URL.canParse(value)),
  ),
  protocol: expects("'envelope' or 'store'", (value) => value === 'envelope' || value === 'store'),
  axios: expects(
    'an axios instance or its configuration',
    (value) => isObject(value) || typeof value === 'function',
  ),
  maxQueueBytes: aSize,
  maxQueueLength: aSize,
  orgId: expects('digits', (value) => isText(value) && /^\d+$/.test(value)),
  strictTraceContinuation: aBoolean,
};

/**
 * Checks the options of a client.
 *
 * @throws InvalidOptionsError at the first option that is unknown or has a wrong value
 */
export function validateOptions(options: RavenOptions): void {
  if (!isObject(options)) {
    throw new InvalidOptionsError(`RavenModule: the options are ${describe(options)}; expected an object`);
  }
  for (const [option, value] of Object.entries(options)) {
    if (!Object.hasOwn(CHECKS, option)) {
      throw new InvalidOptionsError(
        `RavenModule: unknown option "${option}"${suggestion(option)}; known are ${Object.keys(CHECKS).sort().join(', ')}`,
      );
    }
    if (value === undefined) continue;
    const complaint = CHECKS[option as keyof RavenOptions](value);
    if (complaint === undefined) continue;
    throw new InvalidOptionsError(
      complaint.startsWith('the DSN')
        ? `RavenModule: ${complaint}`
        : `RavenModule: the option "${option}" ${complaint}`,
    );
  }
  const names = options.processors?.filter(isText) ?? [];
  if (names.some((name) => name.includes('SanitizeKeys')) && options.sanitizeKeys === undefined) {
    throw new InvalidOptionsError(
      'RavenModule: the SanitizeKeysProcessor has no keys to mask; expected the option "sanitizeKeys", a list of strings',
    );
  }
}

function checkProcessors(value: unknown): string | undefined {
  if (!Array.isArray(value)) return `is ${describe(value)}; expected a list of processors`;
  for (const entry of value as unknown[]) {
    if (isText(entry) && !isProcessorName(entry)) {
      return `names "${entry}", which is no processor; expected raven's name of one, such as 'raven.processors.RemovePostDataProcessor'`;
    }
    if (!isText(entry) && typeof entry !== 'function' && !hasMethods(entry, ['process'])) {
      return `has ${describe(entry)} in it; expected a name, a class, a function or an object with a method "process"`;
    }
  }
  return undefined;
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return (
    isObject(value) && names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')
  );
}

/** A value for a message: short, and nothing that could be a secret. */
function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number') {
    return String(value);
  }
  if (isText(value)) return value === '' ? 'empty' : `"${maskDsn(value).slice(0, 60)}"`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** For who writes raven-python's names or another spelling. */
function suggestion(option: string): string {
  const plain = (name: string): string => name.replaceAll(/[_-]/g, '').toLowerCase();
  const known = Object.keys(CHECKS).find((name) => plain(name) === plain(option));
  return known ? `, did you mean "${known}"?` : '';
}
