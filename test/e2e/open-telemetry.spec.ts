import { Catch, Controller, Get, Module, type ExceptionFilter, type INestApplication } from '@nestjs/common';
import type { ArgumentsHost } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { context, ROOT_CONTEXT, trace, TraceFlags, type Context, type Span } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../support/receiver';
import { get, PLATFORMS, testOptions, type Platform } from '../support/test-app';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

@Controller()
class ShopController {
  constructor(private readonly raven: RavenClient) {}

  @Get('fails')
  async fails(): Promise<never> {
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error('out of stock');
  }

  @Get('says')
  async says(): Promise<Record<string, string>> {
    await new Promise((resolve) => setImmediate(resolve));
    this.raven.captureMessage('said');
    return this.raven.traceHeaders();
  }
}

/** Leaves the caller without an answer: the error is reported when the connection has closed. */
@Catch()
class HangUp implements ExceptionFilter {
  catch(_exception: unknown, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<{ destroy(): void }>().destroy();
  }
}

describe('with OpenTelemetry', () => {
  let receiver: Receiver;
  let app: INestApplication | undefined;
  let spans: Span[];

  beforeEach(async () => {
    receiver = await startReceiver();
    spans = [];
    trace.setGlobalTracerProvider(new BasicTracerProvider());
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await receiver.close();
    context.disable();
    trace.disable();
  });

  /** What a server's instrumentation does: each request runs in a span of its own. */
  function inSpan(): Context {
    const span = trace.getTracer('test').startSpan('request', {}, ROOT_CONTEXT);
    spans.push(span);
    return trace.setSpan(ROOT_CONTEXT, span);
  }

  async function start(
    platform: Platform,
    around: (request: IncomingMessage) => Context = inSpan,
    filters: ExceptionFilter[] = [],
  ): Promise<INestApplication> {
    @Module({ imports: [RavenModule.forRoot(testOptions(receiver))], controllers: [ShopController] })
    class AppModule {}
    const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
    app = await NestFactory.create(AppModule, adapter, { logger: false });
    app.useGlobalFilters(...filters);
    app.use((request: IncomingMessage, _response: unknown, next: () => void) =>
      context.with(around(request), next),
    );
    await app.listen(0, '127.0.0.1');
    return app;
  }

  describe.each(PLATFORMS)('on %s', (platform) => {
    it('an error belongs to the span it was raised in', async () => {
      await get(await start(platform), '/fails');
      const [event] = await receiver.waitForEvents(1);
      const { traceId, spanId } = spans[0].spanContext();
      expect(event.contexts.trace).toEqual({ trace_id: traceId, span_id: spanId });
      expect(receiver.envelopes[0].headers.trace).toMatchObject({ trace_id: traceId });
    });

    it('two requests have the traces of their own spans', async () => {
      const application = await start(platform);
      await Promise.all([get(application, '/fails'), get(application, '/fails')]);
      const events = await receiver.waitForEvents(2);
      const traces = spans.map((span) => span.spanContext().traceId);
      expect(events.map((event) => event.contexts.trace.trace_id).sort()).toEqual(traces.sort());
    });

    it('so does what is captured, and what is passed on to other services', async () => {
      const answer = await get(await start(platform), '/says');
      const [event] = await receiver.waitForEvents(1);
      const { traceId, spanId } = spans[0].spanContext();
      expect(event.contexts.trace).toEqual({ trace_id: traceId, span_id: spanId });
      expect(await answer.json()).toMatchObject({
        'sentry-trace': `${traceId}-${spanId}`,
        baggage: expect.stringContaining(`sentry-trace_id=${traceId}`) as string,
      });
    });
  });

  it('an error is linked that is reported when its span is no longer active', async () => {
    await get(await start('express', inSpan, [new HangUp()]), '/fails').catch(() => undefined);
    const [event] = await receiver.waitForEvents(1);
    expect(event.contexts.trace.trace_id).toBe(spans[0].spanContext().traceId);
  });

  it('a caller’s span is the parent where none was begun here', async () => {
    const remote = { traceId: TRACE, spanId: SPAN, traceFlags: TraceFlags.SAMPLED, isRemote: true };
    await get(await start('express', () => trace.setSpanContext(ROOT_CONTEXT, remote)), '/fails');
    const [event] = await receiver.waitForEvents(1);
    expect(event.contexts.trace).toMatchObject({ trace_id: TRACE, parent_span_id: SPAN });
    expect(event.contexts.trace.span_id).not.toBe(SPAN);
  });

  it.each([
    ['is passed on where it is of the same trace', TRACE, { trace_id: TRACE, release: 'front@1' }],
    ['is not where it is of another', 'f'.repeat(32), { trace_id: TRACE, public_key: 'public' }],
  ])('what came in %s', async (_, incoming, expected) => {
    const local = { traceId: TRACE, spanId: SPAN, traceFlags: TraceFlags.NONE };
    await get(await start('express', () => trace.setSpanContext(ROOT_CONTEXT, local)), '/fails', {
      headers: {
        'sentry-trace': `${incoming}-${'a'.repeat(16)}-1`,
        baggage: `sentry-trace_id=${incoming},sentry-release=front%401`,
      },
    });
    await receiver.waitForEvents(1);
    expect(receiver.envelopes[0].headers.trace).toMatchObject(expected);
  });

  it.each([
    ['no span', () => ROOT_CONTEXT],
    [
      'a span whose ids are none',
      () =>
        trace.setSpanContext(ROOT_CONTEXT, {
          traceId: '0'.repeat(32),
          spanId: SPAN,
          traceFlags: TraceFlags.NONE,
        }),
    ],
    [
      'a span that fails',
      () =>
        trace.setSpan(ROOT_CONTEXT, {
          spanContext: () => {
            throw new Error('no');
          },
        } as unknown as Span),
    ],
  ])('in %s an event has the trace of its request', async (_, around) => {
    await get(await start('express', around), '/fails', { headers: { 'sentry-trace': `${TRACE}-${SPAN}` } });
    const [event] = await receiver.waitForEvents(1);
    expect(event.contexts.trace).toMatchObject({ trace_id: TRACE, parent_span_id: SPAN });
  });
});
