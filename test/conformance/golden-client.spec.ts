import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { RavenClient, RecordingTransport, type RavenEvent, type RavenOptions } from 'nestjs-raven';
import { silentLogger } from '../support/silent-logger';

/** A case recorded from the real raven-python. */
interface GoldenCase {
  case: string;
  options: Record<string, unknown>;
  calls: [name: string, ...args: unknown[]][];
  returns: unknown[];
  events: RecordedEvent[];
}

/** What the recording holds of an event; a case has some of it. */
type RecordedEvent = Record<'request' | 'extra' | 'user', Record<string, unknown>> & {
  request: { headers: Record<string, unknown> };
};

/**
 * Where this project is stricter than raven-python, which lets these secrets through; and nowhere else.
 * Each gives the event that is sent here instead.
 */
const DEVIATIONS: Record<string, { reason: string; change: (event: RecordedEvent) => void }> = {
  'sanitize: query string value holding equals': {
    reason: 'a password that holds "=" is a password',
    change: (event) => (event.request.query_string = 'password=********&x=1'),
  },
  'sanitize: headers': {
    reason: 'X-Api-Key is a credential',
    change: (event) => (event.request.headers['X-Api-Key'] = '********'),
  },
  'sanitize: json body string is left alone': {
    reason: 'a JSON body is scrubbed whether it is parsed or not',
    change: (event) => (event.request.data = '{"password":"********"}'),
  },
  'sanitize: extra keys contain': {
    reason: 'tokens are credentials',
    change: (event) => (event.extra.token = '********'),
  },
  'processor: user is not sanitized': {
    reason: 'a password is one in the user as well',
    change: (event) => (event.user.password = '********'),
  },
};

/** What raven writes with every event and the recording left out, or what a machine of today adds. */
const UNRECORDED = ['event_id', 'timestamp', 'platform', 'server_name', 'sdk', 'contexts', 'modules'];

const all = JSON.parse(readFileSync(join(__dirname, '../raven-golden.json'), 'utf8')) as GoldenCase[];
const cases = all.filter((golden) => golden.calls);

describe('raven-python, case by case', () => {
  let client: RavenClient | undefined;
  afterEach(() => client?.close(0));

  it('knows every deviation by the name of its case', () => {
    const names = cases.map((golden) => golden.case);
    expect(names).toEqual(expect.arrayContaining(Object.keys(DEVIATIONS)));
  });

  it.each(cases)('$case', async (golden) => {
    const transport = new RecordingTransport();
    const events: RavenEvent[] = [];
    const subject = (client = new RavenClient(
      {
        dsn: 'http://public@localhost/1',
        // The recording was made with this, in place of the process's arguments.
        context: {},
        ...camelCase(golden.options),
        transport,
        installProcessHandlers: false,
        includeVersions: false,
        frameContextLines: 0,
        sourceMaps: false,
        beforeSend: (event) => {
          events.push(event);
        },
      } as RavenOptions,
      // Where no package.json and no commit tells a release: raven looked for none.
      { logger: silentLogger, env: {}, random: () => 0.5, root: '/nowhere' },
    ));

    const returned = golden.calls.map(([name, ...args]) => call(subject, name, args));

    expect(returned.map((value) => (typeof value === 'string' ? '<event id>' : null))).toEqual(
      golden.returns,
    );
    const expected = structuredClone(golden.events);
    for (const event of expected) DEVIATIONS[golden.case]?.change(event);
    expect(events.map(recorded)).toEqual(expected);
    expect(transport.envelopes).toHaveLength(golden.events.length);
  });
});

function call(client: RavenClient, name: string, args: unknown[]): unknown {
  const options = camelCase(args.at(-1));
  switch (name) {
    case 'captureException':
      return client.captureException(raised((options as { raise: unknown }).raise));
    case 'captureBreadcrumb':
      return client.captureBreadcrumb(options as never);
    case 'context.merge':
      return client.context.merge(args[0] as never);
    case 'user_context':
      return client.userContext(args[0] as never);
    case 'http_context':
      return client.httpContext(args[0] as never);
    case 'tags_context':
      return client.tagsContext(args[0] as never);
    case 'extra_context':
      return client.extraContext(args[0] as never);
    case 'capture':
      return client.capture(args[0] as string, options);
    case 'captureMessage':
      return client.captureMessage(args[0] as string, options as never);
    default:
      throw new Error(`the recording calls ${name}, which this test does not know`);
  }
}

/** The error the recording raised; of a list each is the cause of the next. */
function raised(raise: unknown): Error {
  const chain: [string, string][] = Array.isArray(raise)
    ? (raise as [string, string][])
    : [[(raise as { type: string }).type, (raise as { message: string }).message]];
  return chain.reduce<Error | undefined>((cause, [name, message]) => {
    const type = { [name]: class extends Error {} }[name] as ErrorConstructor;
    return new type(message, cause && { cause });
  }, undefined) as Error;
}

/** Of an event, what the recording holds: of exceptions type and value, of breadcrumbs all but the time. */
function recorded(event: RavenEvent): Record<string, unknown> {
  const { exception, breadcrumbs, ...rest } = event;
  const kept: Record<string, unknown> = Object.fromEntries(
    Object.entries(rest).filter(([key]) => !UNRECORDED.includes(key)),
  );
  if (exception) kept.exception = { values: exception.values.map(({ type, value }) => ({ type, value })) };
  if (breadcrumbs) {
    kept.breadcrumbs = { values: breadcrumbs.values.map(({ timestamp: _, ...crumb }) => crumb) };
  }
  return kept;
}

/** The options object of a recorded call under this project's names; what stands inside `data`, tags and extra is left. */
function camelCase(options: unknown): Record<string, unknown> {
  if (typeof options !== 'object' || options === null) return {};
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
