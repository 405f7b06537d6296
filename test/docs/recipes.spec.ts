import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Controller,
  Get,
  Module,
  ServiceUnavailableException,
  type INestApplication,
  type MiddlewareConsumer,
  type Type,
} from '@nestjs/common';
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorOf, startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { get, startModule } from '../support/test-app';
import { PageExamples } from './page-examples';

describe('the recipes', () => {
  let examples: PageExamples;
  let receiver: Receiver;
  let app: INestApplication | undefined;
  beforeAll(() => {
    examples = new PageExamples('docs/recipes.md');
  });
  afterAll(() => examples.remove());
  beforeEach(async () => {
    receiver = await startReceiver();
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    // Their modules read the environment as they are loaded.
    vi.resetModules();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    vi.unstubAllEnvs();
    await receiver.close();
  });

  /** Starts a recipe's module with a controller of the test's. */
  async function start(file: string, name: string, ...controllers: Type[]): Promise<INestApplication> {
    const { [name]: Recipe } = await examples.import<Record<string, Type>>(file);
    @Module({ imports: [Recipe], controllers })
    class Root {}
    return (app = await startModule(Root));
  }

  /** What had arrived when the app was closed. */
  async function arrived(): Promise<ReceivedEvent[]> {
    await app?.close();
    app = undefined;
    return receiver.events;
  }

  @Controller()
  class FailingController {
    @Get('fails')
    fails(): void {
      throw Object.assign(new Error('out of stock'), { iban: 'SE35 5000 0000', page: 7 });
    }
  }

  it('ignore errors by class, by name and by status', async () => {
    const { TenantSuspended } = await examples.import<{ TenantSuspended: new () => Error }>(
      'ignoring.module.ts',
    );
    class AbortError extends Error {}
    @Controller()
    class ManyErrors {
      @Get('suspended')
      suspended(): void {
        throw new TenantSuspended();
      }
      @Get('aborted')
      aborted(): void {
        throw new AbortError();
      }
      @Get('unavailable')
      unavailable(): void {
        throw new ServiceUnavailableException();
      }
    }
    const running = await start('ignoring.module.ts', 'IgnoringModule', ManyErrors, FailingController);
    for (const path of ['/suspended', '/aborted', '/unavailable', '/fails']) await get(running, path);
    expect((await arrived()).map(errorOf)).toEqual(['out of stock']);
  });

  it('tag by tenant, each request by its own', async () => {
    const { RavenModule } = await import('nestjs-raven');
    const { TenantModule } = await examples.import<{ TenantModule: Type }>('tenant.module.ts');
    @Module({ imports: [RavenModule.forRoot(), TenantModule], controllers: [FailingController] })
    class Root {}
    app = await startModule(Root);
    const asked = ['acme', 'globex'].map((tenant) =>
      get(app as INestApplication, '/fails', { headers: { 'x-tenant': tenant } }),
    );
    await Promise.all(asked);
    expect((await arrived()).map(({ tags }) => tags.tenant).sort()).toEqual(['acme', 'globex']);
  });

  it('have several projects, by module and by name', async () => {
    const billing = await startReceiver();
    vi.stubEnv('BILLING_DSN', billing.dsn());
    const running = await start('projects.module.ts', 'ProjectsModule');
    await get(running, '/invoices');
    await get(running, '/invoices', { method: 'POST' });
    await get(running, '/carts');
    expect((await arrived()).map(errorOf)).toEqual(['no carts']);
    const [failed, reminder] = billing.events.toSorted((one) => (one.exception ? -1 : 1));
    expect(billing.events).toHaveLength(2);
    expect(failed).toMatchObject({ tags: { team: 'billing' } });
    expect(errorOf(failed)).toBe('the ledger is closed');
    expect(reminder).toMatchObject({ level: 'warning', logentry: { message: 'an invoice is overdue' } });
    await billing.close();
  });

  it('handle each round of a loop in a scope of its own', async () => {
    const { RavenClient } = await import('nestjs-raven');
    const { Mailbox } = await examples.import<{
      Mailbox: new (raven: unknown) => { empty(letters: object[]): Promise<number> };
    }>('mailbox.service.ts');
    const client = new RavenClient();
    const handled = await new Mailbox(client).empty([
      { from: 'ada', text: 'good morning' },
      { from: 'grace', text: '' },
    ]);
    await client.close();
    expect(handled).toBe(1);
    expect(receiver.events).toMatchObject([
      { user: { id: 'grace' }, tags: { job: 'mailbox' }, extra: { length: 0 } },
    ]);
  });

  it('send a pseudonym, and mask what is personal', async () => {
    vi.stubEnv('PSEUDONYM_KEY', 'a key of this test');
    const { PrivacyModule, pseudonym } = await examples.import<{
      PrivacyModule: Type;
      pseudonym: (id: string) => string;
    }>('privacy.module.ts');
    @Module({ imports: [PrivacyModule], controllers: [FailingController] })
    class Root {
      configure(consumer: MiddlewareConsumer): void {
        const signIn = (request: { user?: object }, _response: unknown, next: () => void): void => {
          request.user = { id: '17', email: 'ada@example.com' };
          next();
        };
        consumer.apply(signIn).forRoutes(FailingController);
      }
    }
    app = await startModule(Root);
    await get(app, '/fails?phone=0701234567');
    const [event] = await arrived();
    expect(event.user).toEqual({ id: pseudonym('17') });
    expect(event.user.id).toMatch(/^[\da-f]{16}$/);
    expect(JSON.stringify(event)).not.toMatch(/"SE35|0701234567|ada@|user-agent/);
    expect(event.contexts.Error).toMatchObject({ page: 7 });
  });

  it('write events to a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-recipes-'));
    vi.stubEnv('ERRORS_FILE', join(folder, 'errors.jsonl'));
    await get(await start('file.module.ts', 'FileModule', FailingController), '/fails');
    expect(await arrived()).toEqual([]);
    const lines = readFileSync(join(folder, 'errors.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => errorOf(JSON.parse(line) as ReceivedEvent))).toEqual(['out of stock']);
    rmSync(folder, { recursive: true });
  });

  it('go through a gateway, and again where it fails', async () => {
    vi.stubEnv('GATEWAY_URL', `${receiver.url}/api/1/envelope/`);
    vi.stubEnv('GATEWAY_TOKEN', 't0ken');
    const { RavenClient } = await import('nestjs-raven');
    const { GatewayTransport } = await examples.import<{ GatewayTransport: never }>('gateway.transport.ts');
    receiver.respondWith(() => {
      return { status: receiver.requests.length === 1 ? 503 : 200, headers: { 'retry-after': '0' } };
    });
    const client = new RavenClient({ transport: GatewayTransport, installProcessHandlers: false });
    client.captureMessage('by the gateway');
    expect(await client.close(10_000)).toBe(true);
    expect(receiver.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer t0ken',
      'Bearer t0ken',
    ]);
    expect(receiver.events.map(({ logentry }) => logentry.message)).toEqual(['by the gateway']);
    expect(client.stats()).toMatchObject({ captured: 1, sent: 1 });
  });

  it('have processors with what they inject', async () => {
    vi.stubEnv('REGION', 'eu-west');
    await get(await start('region.module.ts', 'RegionModule', FailingController), '/fails');
    expect(await arrived()).toMatchObject([{ tags: { region: 'eu-west' } }]);
  });

  it('link an error to its trace', async () => {
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    try {
      const span = trace.getTracer('recipes').startSpan('request', {}, ROOT_CONTEXT);
      const running = await start('traced.module.ts', 'TracedModule');
      const { RavenClient } = await import('nestjs-raven');
      context.with(trace.setSpan(ROOT_CONTEXT, span), () => {
        running.get(RavenClient).captureMessage('traced');
      });
      const { traceId } = span.spanContext();
      expect(await arrived()).toMatchObject([
        {
          contexts: { trace: { trace_id: traceId } },
          extra: { traced: `https://traces.example.com/trace/${traceId}` },
        },
      ]);
    } finally {
      context.disable();
      trace.disable();
    }
  });
});
