import { describeValue } from './describe-value';
import type { BreadcrumbSources } from './integrations/breadcrumb-sources';
import { nearestName } from './nearest-name';
import { parseDsn } from './protocol/dsn';
import { isDistName, isEnvironmentName, isReleaseName } from './protocol/valid-name';
import { isProcessorName, processorByName } from './processors/processor-names';
import { SanitizeKeysProcessor } from './processors/sanitize-keys.processor';
import type { ClassOf, RavenOptions } from './raven.options';
import { NodeHttpTransport } from './transport/node-http.transport';
import type { SpoolOption } from './transport/spool-option';
import type { Transport } from './transport/transport';
import { WorkerHttpTransport } from './transport/worker-http.transport';
import {
  hasMethods,
  isClassSyntax,
  isConstructor,
  isFilledText,
  isObject,
  isPlainObject,
  isText,
} from './value-kinds';

/** Configuration that cannot work. Its message says what was given (secrets masked) and what is expected. */
export class InvalidOptionsError extends Error {
  override readonly name = 'InvalidOptionsError';
}

/** Transports that the option `axios` cannot reach. */
const WITHOUT_AXIOS = [
  {
    type: NodeHttpTransport,
    why: 'which does not send by axios',
    also: ', or an "agent" of the transport\'s',
  },
  { type: WorkerHttpTransport, why: "whose thread has nothing of the app's", also: '' },
];

/** Says what is wrong with a value, or nothing. */
type Check = (value: unknown) => string | undefined;

const expects =
  (expected: string, test: (value: unknown) => boolean): Check =>
  (value) =>
    test(value) ? undefined : `is ${describeValue(value)}; expected ${expected}`;

const aBoolean = expects('true or false', (value) => typeof value === 'boolean');
const aString = expects('a string', isText);
const aFunction = expects('a function', (value) => typeof value === 'function');
const aMapping = expects('an object', isPlainObject);
/** Of a list it says which entry is wrong. */
const listOf =
  (expected: string, test: (entry: unknown) => boolean): Check =>
  (value) => {
    if (!Array.isArray(value)) return `is ${describeValue(value)}; expected ${expected}`;
    const at = value.findIndex((entry) => !test(entry));
    return at === -1
      ? undefined
      : `has an entry, number ${at + 1}, that is ${describeValue(value[at])}; expected ${expected}`;
  };

const strings = listOf('a list of strings', isText);
const aCount = expects('a whole number from 0', (value) => Number.isSafeInteger(value) && Number(value) >= 0);
const aSize = expects('a whole number from 1', (value) => Number.isSafeInteger(value) && Number(value) >= 1);

/** A name that servers keep; they would drop any other without a word. An empty one counts as none. */
const aName = (expected: string, isName: (text: string) => boolean): Check =>
  expects(expected, (value) => isText(value) && (value.trim() === '' || isName(value.trim())));

/** Less holds no event of the usual size with the copies that sending makes. */
const LEAST_QUEUE_BYTES = 64 * 1024;

/** Servers follow no deeper than 7, and processors look no deeper than 12. */
const DEEPEST = 10;

/** An object whose keys have checks of their own. @param expected - an example, for the message */
const nested =
  (checks: Record<string, Check>, expected: string, required: readonly string[] = []): Check =>
  (value) => {
    if (!isPlainObject(value)) return `is ${describeValue(value)}; expected false, or ${expected}`;
    const missing = Object.fromEntries(required.map((name) => [name, undefined]));
    for (const [name, given] of Object.entries({ ...missing, ...value })) {
      if (!Object.hasOwn(checks, name)) {
        return `has an unknown ${describeValue(name)}; expected ${Object.keys(checks).join(', ')}`;
      }
      if (given === undefined && !required.includes(name)) continue;
      const complaint = checks[name](given);
      if (complaint !== undefined) return `has a "${name}" that ${complaint}`;
    }
    return undefined;
  };

const falseOr =
  (check: Check): Check =>
  (value) =>
    value === false ? undefined : check(value);

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
  release: aName('at most 200 bytes without /, \\ and line breaks, not "latest"', isReleaseName),
  dist: aName('at most 64 letters, digits, dots, dashes and underscores', isDistName),
  environment: aName('at most 64 bytes without /, \\ and line breaks, not "none"', isEnvironmentName),
  tags: aMapping,
  context: aMapping,
  includePaths: strings,
  excludePaths: strings,
  ignoreExceptions: listOf(
    'a list of classes (one may be undefined in a circular import) and names',
    (entry) => isFilledText(entry) || typeof entry === 'function',
  ),
  sampleRate: expects(
    'a number from 0 to 1',
    (value) => typeof value === 'number' && value >= 0 && value <= 1,
  ),
  stringMaxLength: aSize,
  listMaxLength: aSize,
  normalizeDepth: expects(
    `a whole number from 1 to ${DEEPEST}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= DEEPEST,
  ),
  maxValueLength: aSize,
  autoLogStacks: aBoolean,
  frameContextLines: aCount,
  sourceMaps: aBoolean,
  collapseFrames: aBoolean,
  errorDetails: aBoolean,
  captureLocals: expects(
    "false, 'uncaught' or 'all'",
    (value) => value === false || value === 'uncaught' || value === 'all',
  ),
  groupMessages: aBoolean,
  processors: checkProcessors,
  sanitizeKeys: listOf('a list of strings that are not empty', isFilledText),
  enableBreadcrumbs: aBoolean,
  maxBreadcrumbs: aCount,
  maxBreadcrumbBytes: aSize,
  breadcrumbSources: falseOr(
    nested(
      {
        console: aBoolean,
        logger: aBoolean,
        request: aBoolean,
        http: aBoolean,
        queries: aBoolean,
        events: aBoolean,
      } satisfies { [Source in keyof Required<BreadcrumbSources>]: Check },
      '{ console: false }',
    ),
  ),
  includeVersions: aBoolean,
  repos: expects(
    "an object of objects, such as { src: { type: 'git', name: 'acme/shop' } }",
    (value) => isPlainObject(value) && Object.values(value).every(isPlainObject),
  ),
  raiseSendErrors: aBoolean,
  transport: expects(
    'a transport with send, flush and close, or the class of one',
    (value) => isConstructor(value) || (isObject(value) && hasMethods(value, ['send', 'flush', 'close'])),
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
    'true, false or the URL of Spotlight, http or https',
    (value) => typeof value === 'boolean' || isHttpUrl(value),
  ),
  protocol: expects("'envelope' or 'store'", (value) => value === 'envelope' || value === 'store'),
  axios: expects(
    'an axios instance or its configuration',
    (value) => isPlainObject(value) || hasMethods(value, ['request']),
  ),
  maxQueueBytes: expects(
    `a whole number from ${LEAST_QUEUE_BYTES}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= LEAST_QUEUE_BYTES,
  ),
  maxQueueLength: aSize,
  maxAttachmentBytes: aCount,
  stormGuard: falseOr(nested({ limit: aSize, windowMs: aSize }, '{ limit: 1000, windowMs: 10000 }')),
  spool: falseOr(
    nested(
      {
        directory: expects('the path of a folder', isFilledText),
        maxBytes: aSize,
        maxAgeMs: aSize,
        durability: expects("'shutdown' or 'crash'", (value) => value === 'shutdown' || value === 'crash'),
        pauseMs: aCount,
      } satisfies { [Option in keyof Required<SpoolOption>]: Check },
      "{ directory: '/var/spool/app' }",
      ['directory'],
    ),
  ),
  sendClientReports: aBoolean,
  orgId: expects('digits', (value) => isText(value) && /^\d+$/.test(value)),
  strictTraceContinuation: aBoolean,
};

/**
 * Checks the options of a client.
 *
 * @throws InvalidOptionsError at the first option that is unknown or has a wrong value
 */
export function validateOptions(options: RavenOptions): void {
  requireOptions('RavenModule: the options are', options);
  for (const [option, value] of Object.entries(options)) {
    if (!Object.hasOwn(CHECKS, option)) {
      throw new InvalidOptionsError(
        `RavenModule: unknown option ${describeValue(option)}${suggestion(option)}; known are ${Object.keys(CHECKS).sort().join(', ')}`,
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
  const other =
    options.axios !== undefined && WITHOUT_AXIOS.find(({ type }) => isOfClass(options.transport, type));
  if (other) {
    throw new InvalidOptionsError(
      `RavenModule: the option "axios" has no effect on the ${other.type.name}, ${other.why}; expected one of both${other.also}`,
    );
  }
  if (!options.sanitizeKeys?.length && options.processors?.some(masksKeys)) {
    throw new InvalidOptionsError(
      'RavenModule: the SanitizeKeysProcessor has no keys to mask; expected the option "sanitizeKeys", a list of strings',
    );
  }
}

/**
 * @param speaker - the beginning of the message: who speaks, and what the value is
 * @throws InvalidOptionsError where a value is no object that could hold options
 */
export function requireOptions(
  speaker: string,
  value: unknown,
  expected = 'an object',
): asserts value is object {
  // An instance of the app's own class has options too; a list, a Map or a promise has none.
  if (isPlainObject(value) || Object.prototype.toString.call(value) === '[object Object]') return;
  throw new InvalidOptionsError(`${speaker} ${describeValue(value)}; expected ${expected}`);
}

function checkProcessors(value: unknown): string | undefined {
  if (!Array.isArray(value)) return `is ${describeValue(value)}; expected a list of processors`;
  for (const entry of value as unknown[]) {
    if (isText(entry) && !isProcessorName(entry)) {
      return `names ${describeValue(entry)}, which is no processor; expected raven's name of one, such as 'raven.processors.RemovePostDataProcessor'`;
    }
    if (!isText(entry) && !isProcessor(entry)) {
      return `has ${describeValue(entry)} in it; expected a name, a class or an object with a method "process", or a function`;
    }
  }
  return undefined;
}

function isProcessor(value: unknown): boolean {
  if (!isClassSyntax(value)) return typeof value === 'function' || hasMethods(value, ['process']);
  return hasMethods((value as { prototype: unknown }).prototype, ['process']);
}

/** A subclass may bring keys of its own. */
function masksKeys(processor: unknown): boolean {
  return (isText(processor) ? processorByName(processor) : processor) === SanitizeKeysProcessor;
}

/** One that is made, its class, or a class made of it. */
function isOfClass(transport: RavenOptions['transport'], type: ClassOf<Transport>): boolean {
  const prototype =
    typeof transport === 'function' ? (transport as { prototype: unknown }).prototype : transport;
  return prototype === type.prototype || prototype instanceof type;
}

function isHttpUrl(value: unknown): boolean {
  return isText(value) && /^https?:\/\//i.test(value.trim()) && URL.canParse(value);
}

/** For who writes raven-python's names or another spelling. */
function suggestion(option: string): string {
  const known = nearestName(option, Object.keys(CHECKS));
  return known ? `, did you mean "${known}"?` : '';
}
