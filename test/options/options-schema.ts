import { join } from 'node:path';
import {
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  LiteralType,
  NeverType,
  ObjectType,
  SchemaGenerator,
  type BaseType,
  type CompletedConfig,
  type Schema,
  type SubNodeParser,
} from 'ts-json-schema-generator';
import ts from 'typescript';
import { DEFAULT_OPTIONS, type RavenOptions } from 'nestjs-raven';

const ROOT = join(__dirname, '../..');

/** Types of values that are functions, classes or made by them. */
const CODE = new Set([
  'AxiosInstance',
  'BeforeBreadcrumb',
  'BeforeSend',
  'CaptureFilter',
  'ClassOf',
  'Processor',
  'ProcessorFunction',
  'Transport',
]);
/** Objects of which this package looks at no more than that they are. */
const ANY_OBJECT = new Set(['AxiosRequestConfig']);

/** What of an option can be written in JSON, where that is not all of it. */
const IN_JSON: Partial<Record<keyof RavenOptions, string>> = {
  axios: 'In JSON: the configuration; an instance and agents are given in code.',
  ignoreExceptions: 'In JSON: names; classes are given in code.',
  processors: "In JSON: raven's names; classes, instances and functions are given in code.",
};
const NOT_IN_JSON = 'Not in JSON: it is given in code.';

const PROCESSORS = [
  'RemovePostDataProcessor',
  'RemoveStackLocalsProcessor',
  'SanitizeKeysProcessor',
  'SanitizePasswordsProcessor',
].flatMap((name) => [`raven.processors.${name}`, name]);
const KEYS_PROCESSOR = PROCESSORS.filter((name) => name.endsWith('SanitizeKeysProcessor'));

/** Names, IPv4 addresses, and IPv6 addresses written out. */
const BYTE = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const GROUP = '[0-9A-Fa-f]{1,4}';
const HOST = String.raw`(?:(?:[\w-]+\.)*[A-Za-z][\w-]*|${BYTE}(?:\.${BYTE}){3}|\[(?:::1|${GROUP}(?::${GROUP}){7})\])`;
const PORT = String.raw`(?::(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3}))?`;
const KEY = String.raw`[\w.~%-]+`;

/** Text that servers keep: lengths are bytes, of which a character has four at most. */
const nameOf = (bytes: number, reserved: string): string => {
  const anyCase = reserved.replaceAll(/./g, (letter) => `[${letter}${letter.toUpperCase()}]`);
  const ascii = String.raw`[ -.0-\[\]-~]{0,${bytes}}`;
  const any = String.raw`[^/\\\u0000-\u001f\u007f-\u009f]{0,${Math.floor(bytes / 4)}}`;
  return String.raw`^(?!\s*(?:\.\.?|${anyCase})\s*$)(?:${ascii}|${any})$`;
};

const whole = (minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): Schema => ({
  type: 'integer',
  minimum,
  maximum,
});
const filled: Schema = { minLength: 1 };

/** What a type does not say: by the option, and by its member where it has some. */
const BOUNDS: Partial<Record<keyof RavenOptions, Schema & { members?: Record<string, Schema> }>> = {
  dsn: { pattern: String.raw`^(?:https?://${KEY}(?::${KEY})?@${HOST}${PORT}(?:/${KEY})*/[\w-][\w.~-]*)?$` },
  name: filled,
  release: { pattern: nameOf(200, 'latest') },
  dist: { pattern: String.raw`^[\w.-]{0,64}$` },
  environment: { pattern: nameOf(64, 'none') },
  ignoreExceptions: { items: { type: 'string', ...filled } },
  sampleRate: { minimum: 0, maximum: 1 },
  stringMaxLength: whole(1),
  listMaxLength: whole(1),
  normalizeDepth: whole(1, 10),
  maxValueLength: whole(1),
  frameContextLines: whole(0),
  processors: { items: { type: 'string', enum: PROCESSORS } },
  // Told as they are: the values matter to nobody here.
  repos: { additionalProperties: { type: 'object' } },
  sanitizeKeys: { items: { type: 'string', ...filled } },
  maxBreadcrumbs: whole(0),
  maxBreadcrumbBytes: whole(1),
  shutdownTimeoutMs: whole(0),
  spotlight: { pattern: String.raw`^https?://${HOST}${PORT}(?:/${KEY})*/?$` },
  maxQueueBytes: whole(64 * 1024),
  maxQueueLength: whole(1),
  stormGuard: { members: { limit: whole(1), windowMs: whole(1) } },
  maxAttachmentBytes: whole(0),
  spool: { members: { directory: filled, maxBytes: whole(1), maxAgeMs: whole(1), pauseMs: whole(0) } },
  orgId: { pattern: String.raw`^\d+$` },
};

/** Stands for an option that is code alone, until its description has been read. */
const CODE_ALONE = 'code alone';

/** Gives a type that JSON has in place of those it has not. */
class JsonOnly implements SubNodeParser {
  supportsNode(node: ts.Node): boolean {
    return isCode(node) || ANY_OBJECT.has(nameOfType(node));
  }

  createType(node: ts.Node): BaseType {
    if (!isCode(node)) return new ObjectType('any', [], [], true);
    const isWholeOption = (node.parent as { type?: ts.Node }).type === node;
    return isWholeOption ? new LiteralType(CODE_ALONE) : new NeverType();
  }
}

/** Whether every value of a type is a function, a class, or made by one; `undefined` is as good as none. */
function isCode(node: ts.Node): boolean {
  if ('types' in node) {
    return (node.types as ts.Node[])
      .filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword)
      .every(isCode);
  }
  const isConstructor = 'parameters' in node && /^(?:abstract )?new \(/.test(node.getText());
  return isConstructor || CODE.has(nameOfType(node));
}

function nameOfType(node: ts.Node): string {
  return 'typeName' in node ? (node.typeName as ts.EntityName).getText() : '';
}

/** The JSON schema of the options that can be written in JSON, made of the types, their docstrings and the defaults. */
export function optionsSchema(): Schema {
  const config: CompletedConfig = {
    ...DEFAULT_CONFIG,
    path: join(ROOT, 'lib/raven.options.ts'),
    tsconfig: join(ROOT, 'tsconfig.json'),
    type: 'RavenOptions',
    expose: 'none',
    topRef: false,
    functions: 'hide',
    sortProps: false,
    skipTypeCheck: true,
  };
  const program = createProgram(config);
  const parser = createParser(program, config, (chain) => chain.addNodeParser(new JsonOnly()));
  const made = new SchemaGenerator(program, parser, createFormatter(config), config).createSchema(
    'RavenOptions',
  );
  const properties = made.properties as Record<keyof RavenOptions, Schema>;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Options of nestjs-raven',
    description: 'What RavenModule.forRoot and RavenClient can be told, as far as JSON can say it.',
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [
        name,
        completed(name as keyof RavenOptions, schema),
      ]),
    ),
    additionalProperties: false,
    // The SanitizeKeysProcessor without keys is refused.
    anyOf: [
      { properties: { processors: { not: { contains: { enum: KEYS_PROCESSOR } } } } },
      { properties: { sanitizeKeys: { minItems: 1 } }, required: ['sanitizeKeys'] },
    ],
  };
}

function completed(name: keyof RavenOptions, { description, ...schema }: Schema): Schema {
  if (schema.const === CODE_ALONE) return { description: `${description} ${NOT_IN_JSON}`, not: {} };
  const remark = IN_JSON[name];
  const { members, ...bounds } = BOUNDS[name] ?? {};
  return {
    description: [description, remark].filter(Boolean).join(' '),
    ...(name in DEFAULT_OPTIONS && {
      default: DEFAULT_OPTIONS[name as keyof typeof DEFAULT_OPTIONS] as never,
    }),
    ...(members ? withMembers(schema, members) : { ...schema, ...bounds }),
  };
}

/** Of `false | { … }` the second. */
function withMembers(schema: Schema, members: Record<string, Schema>): Schema {
  const anyOf = (schema.anyOf as Schema[]).map((branch) => {
    if (branch.type !== 'object') return branch;
    const properties = Object.entries(branch.properties as Record<string, Schema>);
    return {
      ...branch,
      properties: Object.fromEntries(properties.map(([key, value]) => [key, { ...value, ...members[key] }])),
    };
  });
  return { ...schema, anyOf };
}
