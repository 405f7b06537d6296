import type { INestApplication, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { get, startModule } from '../support/test-app';
import { PageExamples } from './page-examples';

describe('the examples of all pages', () => {
  it('compile as they stand', () => {
    const pages = [
      'docs/contexts/commands.md',
      'docs/decorators.md',
      'docs/getting-started.md',
      'docs/index.md',
      'docs/recipes.md',
    ].map((page) => new PageExamples(page, 'compiled'));
    expect(PageExamples.faults(...pages)).toEqual([]);
    for (const page of pages) page.remove();
  }, 240_000);
});

describe('the examples of a page', () => {
  let receiver: Receiver;
  let examples: PageExamples;
  let app: INestApplication | undefined;
  beforeEach(async () => {
    receiver = await startReceiver();
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    vi.stubEnv('PORT', '0');
    vi.resetModules();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    examples.remove();
    vi.unstubAllEnvs();
    await receiver.close();
  });

  it('for the first five minutes report what they say', async () => {
    examples = new PageExamples('docs/getting-started.md');
    const { AppModule } = await examples.import<{ AppModule: Type }>('app.module.ts');
    app = await startModule(AppModule);
    expect((await get(app, '/orders/99')).status).toBe(404);
    const response = await get(app, '/orders/1');
    expect(response.status).toBe(500);
    const [event] = await receiver.waitForEvents(1);
    expect(response.headers.get('x-sentry-id')).toBe(event.event_id);
    expect(errorOf(event)).toBe('the archive does not answer');
    expect(event).toMatchObject({ transaction: 'GET /orders/:id', tags: { 'order.id': '1' } });
    expect(event.breadcrumbs.values.map(({ message }) => message)).toContain('look for order 1');
    await app.close();
    app = undefined;
    expect(receiver.events).toHaveLength(1);
  });

  it('of decorators work a tag out of the request', async () => {
    examples = new PageExamples('docs/decorators.md');
    const { RavenModule } = await import('nestjs-raven');
    const { ReportsController } = await examples.import<{ ReportsController: Type }>('tenant.controller.ts');
    @Module({ imports: [RavenModule.forRoot()], controllers: [ReportsController] })
    class Root {}
    app = await startModule(Root);
    await get(app, '/reports', { headers: { 'x-tenant': 'acme' } });
    expect(await receiver.waitForEvents(1)).toMatchObject([{ tags: { tenant: 'acme' } }]);
  });

  it('of scripts report each line that fails, and wait', async () => {
    examples = new PageExamples('docs/contexts/commands.md');
    const { importStock } = await examples.import<{ importStock: (lines: string[]) => Promise<boolean> }>(
      'import-stock.ts',
    );
    expect(await importStock(['{}', 'A-17;3', '[]'])).toBe(true);
    expect(receiver.events).toMatchObject([{ extra: { line: 'A-17;3' } }]);
  });
});
