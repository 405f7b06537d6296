import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import {
  Body,
  Controller,
  Get,
  HttpException,
  Param,
  Post,
  type CanActivate,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import {
  Extra,
  RavenClient,
  RecordingTransport,
  Tag,
  type CaptureOptions,
  type RavenOptions,
} from 'nestjs-raven';
import { startReceiver } from '../support/receiver';
import { silentLogger } from '../support/silent-logger';
import { get, PLATFORMS, startApp } from '../support/test-app';

const SCHEMA = process.env.SENTRY_EVENT_SCHEMA ?? '../shared/reference/event.schema.json';

const validate = new Ajv({
  strict: false,
  logger: false,
  allErrors: true,
  formats: { uuid: true, double: true, uint64: true, int64: true },
}).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

/** What the schema has against the event as it is on the wire; without what only repeats it a level up. */
function faultsOf(event: unknown): string[] {
  if (validate(JSON.parse(JSON.stringify(event)))) return [];
  return (validate.errors ?? [])
    .filter(({ keyword, params }) => keyword !== 'anyOf' && params.type !== 'null')
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

describe('events of the client', () => {
  async function wireEvents(options: RavenOptions, act: (subject: RavenClient) => void): Promise<unknown[]> {
    const transport = new RecordingTransport();
    const client = new RavenClient(
      { dsn: 'http://public@localhost/1', installProcessHandlers: false, ...options, transport },
      { logger: silentLogger },
    );
    act(client);
    await client.close();
    return transport.events;
  }

  it('know the schema: what is not of it is found', () => {
    expect(faultsOf({ event_id: 1, level: 'terrible' })).not.toEqual([]);
    expect(faultsOf({ user: { id: {} } })).not.toEqual([]);
  });

  const cyclic = new Error('cyclic');
  cyclic.cause = new Error('cause', { cause: cyclic });
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'text'],
    ['a plain object', { code: 17, nested: { list: [1, null] } }],
    ['an error with a cause', new TypeError('outer', { cause: new RangeError('inner') })],
    ['an AggregateError', new AggregateError([new Error('one'), 'two', null], 'several')],
    ['cyclic causes', cyclic],
    ['a DOMException', new DOMException('no', 'AbortError')],
    ['an error of another realm', runInContext('new TypeError("elsewhere")', createContext({}))],
    ['a frozen error', Object.freeze(new Error('frozen'))],
  ])('an exception: %s', async (_, thrown) => {
    const events = await wireEvents({}, (subject) => subject.captureException(thrown));
    expect(events).toHaveLength(1);
    expect(events.flatMap(faultsOf)).toEqual([]);
  });

  it('messages, queries, contexts, breadcrumbs, and all that options add', async () => {
    const options: RavenOptions = {
      site: 'shop',
      release: '1.2.3',
      environment: 'test',
      repos: { lib: { type: 'git', name: 'acme/shop' } },
      sendDefaultPii: true,
    };
    const events = await wireEvents(options, (subject) => {
      subject.userContext({
        id: 17,
        username: 'ada',
        email: 'ada@example.com',
        ip_address: '10.0.0.1',
        plan: 'pro',
      });
      subject.tagsContext({ number: 17, flag: true, none: null });
      subject.extraContext({ when: new Date(0), map: new Map([['a', 1]]) });
      subject.httpContext({
        url: 'http://localhost/a',
        method: 'PUT',
        headers: { a: 'b' },
        data: { x: [1] },
      });
      subject.captureBreadcrumb({ message: 'm', category: 'c', level: 'INFO', data: { x: 1 } });
      subject.captureBreadcrumb({ message: 'm', level: 'unheard of' as never, type: 'http' });
      subject.captureMessage('Hello %s', { params: ['world'], formatted: 'Hello world', stack: true });
      subject.captureQuery('SELECT 1', { params: [1], engine: 'postgres', timeSpent: 12 });
      subject.captureException(new Error('e'), {
        level: 'fatal',
        fingerprint: ['a', 'b'],
        date: new Date(1e12),
      });
      subject.transaction.push('a transaction');
      subject.captureMessage('in a transaction', {
        data: { release: 'of data', logger: 'log', server_name: 's' },
      });
    });
    expect(events).toHaveLength(4);
    expect(events.flatMap(faultsOf)).toEqual([]);
  });

  it('whatever is given as tags, extra, user, request, level, fingerprint and data', async () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      maxDepth: 3,
    });
    const record = fc.dictionary(fc.string(), anything, { maxKeys: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          tags: record,
          extra: record,
          user: record,
          request: record,
          level: anything,
          fingerprint: anything,
          stack: fc.boolean(),
        }),
        anything,
        async ({ user, request, ...options }, thrown) => {
          const events = await wireEvents({ includeVersions: false }, (subject) => {
            const given = { ...options, data: { user, request } } as unknown as CaptureOptions;
            subject.captureException(thrown, given);
            subject.captureMessage('m', given);
            subject.captureBreadcrumb({ message: 'm', data: user, level: options.level as never });
            subject.captureQuery('q', given);
          });
          expect(events).toHaveLength(3);
          expect(events.flatMap(faultsOf)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

class SignedIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<{ user: unknown }>().user = {
      id: 17,
      username: 'ada',
      roles: ['admin'],
    };
    return true;
  }
}

@UseGuards(SignedIn)
@Controller('orders')
class OrdersController {
  @Get(':id')
  find(@Param('id') @Tag('order') id: string): void {
    throw new Error(`order ${id}`);
  }

  @Post()
  create(@Body() @Extra('body') body: unknown): void {
    throw new HttpException({ body }, 503);
  }
}

describe.each(PLATFORMS)('events of requests on %s', (platform) => {
  it.each([true, false])('with sendDefaultPii %s', async (sendDefaultPii) => {
    const receiver = await startReceiver();
    const app = await startApp(receiver, { controllers: [OrdersController] }, { sendDefaultPii }, platform);
    await get(app, '/orders/1?a=1&a=2&empty=&token=x', {
      headers: { cookie: 'session=1; theme=dark', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    });
    await get(app, '/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ lines: [1, null, { deep: [] }], password: 'x' }),
    });
    await get(app, '/orders', { method: 'POST', body: new URLSearchParams({ a: '1' }) });
    await app.close();
    expect(receiver.events).toHaveLength(3);
    expect(receiver.events.flatMap(faultsOf)).toEqual([]);
    await receiver.close();
  });
});
