/** Whose a field of an event is. */
export type FieldKind = 'event' | 'app' | 'code' | 'machine' | 'request' | 'person' | 'credential';

/** A field of what is sent, or several that are the same kind of thing. */
export interface EventField {
  /** As the page names it. */
  name: string;
  kind: FieldKind;
  /** What stands in it. */
  holds: string;
  /** Which paths it is about; the first field that matches a path has it. */
  path: RegExp;
}

/**
 * The fields of an error of a request. An item of a list is `[]`, a key that the app or the caller chose is `*` on the
 * page. What is matched here was sent; a path that no field matches fails the test, and so does a field without a path.
 */
export const EVENT_FIELDS: readonly EventField[] = [
  {
    name: '(envelope) `event_id`, `sent_at`, `sdk`',
    kind: 'event',
    holds: 'id, time of sending, this package and its version',
    path: /^envelope\.(?:event_id|sent_at|sdk)/,
  },
  {
    name: '(envelope) `dsn`, `trace`',
    kind: 'event',
    holds: 'the DSN without its secret; id of the trace, public key, release, environment',
    path: /^envelope\.(?:dsn|trace)/,
  },
  {
    name: '`event_id`, `timestamp`, `platform`, `level`, `sdk`',
    kind: 'event',
    holds: 'id, time, `node`, level, this package and its version',
    path: /^(?:event_id|timestamp|platform|level|sdk\.\w+)$/,
  },
  {
    name: '`fingerprint`',
    kind: 'app',
    holds: 'what `@Fingerprint` and captures say',
    path: /^fingerprint\[\]$/,
  },
  {
    name: '`release`, `dist`, `environment`',
    kind: 'app',
    holds: 'options, variables, or detected',
    path: /^(?:release|dist|environment)$/,
  },
  {
    name: '`server_name`',
    kind: 'machine',
    holds: '`serverName`, else the host name',
    path: /^server_name$/,
  },
  {
    name: '`transaction`',
    kind: 'app',
    holds: 'the pattern of the route, without ids; of an unknown route its path',
    path: /^transaction(?:_info\.source)?$/,
  },
  {
    name: '`exception.values[].type`, `.module`',
    kind: 'code',
    holds: 'classes of the error and its causes',
    path: /^exception\.values\[\]\.(?:type|module)$/,
  },
  {
    name: '`exception.values[].value`',
    kind: 'app',
    holds: '**the message as the code wrote it**; values that libraries quote are left out by default',
    path: /^exception\.values\[\]\.value$/,
  },
  {
    name: '`exception.values[].mechanism`',
    kind: 'event',
    holds: 'who saw the error, and whether it was handled',
    path: /^exception\.values\[\]\.mechanism\./,
  },
  {
    name: '`exception.values[].stacktrace.frames[]`',
    kind: 'code',
    holds: 'files and functions, with the path on the machine as `abs_path`',
    path: /^exception\.values\[\]\.stacktrace\.frames\[\]\.(?:filename|abs_path|module|function|lineno|colno|in_app|stack_start)$/,
  },
  {
    name: '… `.pre_context`, `.context_line`, `.post_context`',
    kind: 'code',
    holds: 'lines of source, secrets in their strings masked (`frameContextLines`)',
    path: /^exception\.values\[\]\.stacktrace\.frames\[\]\.(?:pre_context|context_line|post_context)/,
  },
  {
    name: '`request.method`, `request.url`',
    kind: 'request',
    holds: 'without query',
    path: /^request\.(?:method|url)$/,
  },
  {
    name: '`request.query_string`',
    kind: 'request',
    holds: 'values of secrets masked; **others as the caller sent them**',
    path: /^request\.query_string$/,
  },
  {
    name: '`request.headers`: `authorization`, `x-api-key` …',
    kind: 'credential',
    holds: 'names that are those of credentials',
    path: /^request\.headers\.(?:authorization|x-api-key)$/,
  },
  {
    name: '`request.headers`: `x-forwarded-for`, `x-real-ip` …',
    kind: 'person',
    holds: 'names that tell who is asking',
    path: /^request\.headers\.(?:x-forwarded-for|x-real-ip)$/,
  },
  {
    name: '`request.headers`: others',
    kind: 'request',
    holds: '`host`, `user-agent`, `referer` …; never `cookie`',
    path: /^request\.headers\./,
  },
  {
    name: '`request.cookies`: `session` …',
    kind: 'credential',
    holds: 'names that are those of credentials',
    path: /^request\.cookies\.session$/,
  },
  { name: '`request.cookies`: others', kind: 'person', holds: 'as they came', path: /^request\.cookies\./ },
  {
    name: '`request.data`: `password` …',
    kind: 'credential',
    holds: 'of the body: passwords, tokens, card numbers, wherever they stand',
    path: /^request\.data\.(?:password|card)$/,
  },
  {
    name: '`request.data`: others',
    kind: 'person',
    holds: 'the body, up to 8 KiB',
    path: /^request\.data\./,
  },
  {
    name: '`request.env.REMOTE_ADDR`',
    kind: 'person',
    holds: 'address of the caller',
    path: /^request\.env\.REMOTE_ADDR$/,
  },
  { name: '`user.id`', kind: 'person', holds: 'id of `request.user`', path: /^user\.id$/ },
  {
    name: '`user.username`, `.email`, `.name`, `.ip_address`',
    kind: 'person',
    holds: 'of `request.user`; address of the caller',
    path: /^user\.(?:username|email|name|ip_address)$/,
  },
  { name: '`tags.*`', kind: 'app', holds: 'decorators, contexts, options', path: /^tags\./ },
  {
    name: '`extra["process.argv"]`',
    kind: 'machine',
    holds: 'arguments of the process (`context: {}` sends none)',
    path: /^extra\.process\.argv/,
  },
  { name: '`extra.*`', kind: 'app', holds: 'decorators, contexts, captures', path: /^extra\./ },
  {
    name: '`breadcrumbs.values[]`: `timestamp`, `type`, `category`, `level`',
    kind: 'event',
    holds: 'when, and what kind of step',
    path: /^breadcrumbs\.values\[\]\.(?:timestamp|type|category|level)$/,
  },
  {
    name: '`breadcrumbs.values[].message`',
    kind: 'app',
    holds:
      '**lines of `console` and `Logger` as the code wrote them**; the request’s line, queries without values',
    path: /^breadcrumbs\.values\[\]\.message$/,
  },
  {
    name: '`breadcrumbs.values[].data`',
    kind: 'app',
    holds:
      'of requests method, URL with secrets masked, status; of queries database, duration, rows; what `captureBreadcrumb` was given',
    path: /^breadcrumbs\.values\[\]\.data(?:\.|$)/,
  },
  {
    name: '`contexts.`*class of an error*: `code`, `errno` …',
    kind: 'app',
    holds: 'own properties of the error (`errorDetails`)',
    path: /^contexts\.PaymentFailed\.code$/,
  },
  {
    name: '`contexts.`*class of an error*: `data`, `params`, `value` …',
    kind: 'person',
    holds: 'own properties that hold what people gave',
    path: /^contexts\.PaymentFailed\.params\./,
  },
  {
    name: '`contexts.trace`, `contexts.response`',
    kind: 'request',
    holds: 'ids of trace and span; status of the answer',
    path: /^contexts\.(?:trace|response)\./,
  },
  { name: '`contexts.flags`', kind: 'app', holds: 'what `client.flag` was told', path: /^contexts\.flags\./ },
  {
    name: '`contexts.app`',
    kind: 'app',
    holds: 'name and version of package.json, start, memory',
    path: /^contexts\.app\./,
  },
  {
    name: '`contexts.runtime`, `.os`, `.device`, `.culture`',
    kind: 'machine',
    holds: 'Node, system, processor, memory, locale, time zone',
    path: /^contexts\.(?:runtime|os|device|culture)\./,
  },
  {
    name: '`contexts.cloud_resource`, `.kubernetes`',
    kind: 'machine',
    holds: 'provider, platform, region, instance; pod, namespace, node',
    path: /^contexts\.(?:cloud_resource|kubernetes)\./,
  },
  {
    name: '`modules`',
    kind: 'code',
    holds: 'packages of the app and their versions (`includeVersions`)',
    path: /^modules\./,
  },
];
