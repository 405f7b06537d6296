import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continueTrace, dynamicSamplingContext, newTrace, type HeaderValue } from '../../lib/protocol/trace';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const SENTRY_TRACE = `${TRACE_ID}-${SPAN_ID}-1`;
const ZERO_TRACE = '0'.repeat(32);
const ZERO_SPAN = '0'.repeat(16);

const expectValidIds = (context: { traceId: string; spanId: string }): void => {
  expect(context.traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
  expect(context.spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/);
};

describe('a trace of its own', () => {
  it('has valid ids even from a random source that gives zeros', () => {
    expectValidIds(newTrace((size) => new Uint8Array(size)));
  });

  it('differs from the next one', () => {
    expect(newTrace().traceId).not.toBe(newTrace().traceId);
  });

  it('draws a share below one with six decimals', () => {
    const highest = newTrace((size) => new Uint8Array(size).fill(255));
    expect(highest.sampleRand).toBe(0.999999);
    expect(highest).not.toHaveProperty('dsc');
  });

  it('describes itself without what it does not know', () => {
    const trace = newTrace((size) => new Uint8Array(size).fill(128));
    const known = { publicKey: 'key', release: 'app@1', environment: 'production', orgId: '7' };
    expect(dynamicSamplingContext(trace, known)).toEqual({
      trace_id: '80'.repeat(16),
      public_key: 'key',
      release: 'app@1',
      environment: 'production',
      org_id: '7',
      sample_rand: '0.501960',
    });
    expect(Object.keys(dynamicSamplingContext(trace, { publicKey: 'key' }))).toEqual([
      'trace_id',
      'public_key',
      'sample_rand',
    ]);
  });
});

describe('a trace that came in', () => {
  it('is continued with the caller as parent and a span of its own', () => {
    const context = continueTrace({ sentryTrace: SENTRY_TRACE });
    expect(context).toMatchObject({ traceId: TRACE_ID, parentSpanId: SPAN_ID, sampled: true, dsc: {} });
    expectValidIds(context);
    expect(context.spanId).not.toBe(SPAN_ID);
  });

  it.each([
    ['-0', false],
    ['-1', true],
    ['', undefined],
  ])('keeps the decision of a header that ends in %j', (end, sampled) => {
    expect(continueTrace({ sentryTrace: `${TRACE_ID}-${SPAN_ID}${end}` }).sampled).toBe(sampled);
  });

  it('passes the sampling context on as it came, without foreign baggage', () => {
    const baggage = [
      'other=1, sentry-trace_id=abc;prop=x , sentry-release=my%20app%401,broken,sentry-bad=%E0%A4%A',
      'sentry-public_key=key,sentry-new_thing=1,sentry-release=second,sentry-sample_rand=0.25',
    ];
    const context = continueTrace({ sentryTrace: SENTRY_TRACE, baggage });
    const expected = {
      trace_id: 'abc',
      release: 'my app@1',
      public_key: 'key',
      new_thing: '1',
      sample_rand: '0.25',
    };
    expect(context.dsc).toEqual(expected);
    expect(context.sampleRand).toBe(0.25);
    expect(dynamicSamplingContext(context, { publicKey: 'mine', release: 'mine' })).toEqual(expected);
  });

  it('cannot have its frozen context changed', () => {
    const context = continueTrace({ sentryTrace: SENTRY_TRACE, baggage: 'sentry-release=1' });
    expect(() => Object.assign(context.dsc as object, { release: '2' })).toThrow(TypeError);
  });

  it('reads no more than 8192 characters of baggage and no entry in half', () => {
    const baggage = `sentry-a=1,sentry-b=${'x'.repeat(8170)}yyy,sentry-c=1`;
    expect(Object.keys(continueTrace({ sentryTrace: SENTRY_TRACE, baggage }).dsc ?? {})).toEqual(['a']);
  });

  it.each([
    ['upper case', SENTRY_TRACE.toUpperCase()],
    ['an all-zero trace id', `${ZERO_TRACE}-${SPAN_ID}`],
    ['an all-zero span id', `${TRACE_ID}-${ZERO_SPAN}`],
    ['a lone flag', '1'],
    ['a wrong flag', `${TRACE_ID}-${SPAN_ID}-2`],
    ['a missing span', TRACE_ID],
    ['a fourth part', `${SENTRY_TRACE}-1`],
    ['two headers', [SENTRY_TRACE, SENTRY_TRACE]],
    ['two joined headers', `${SENTRY_TRACE}, ${SENTRY_TRACE}`],
  ] as [string, HeaderValue][])(
    'is not believed with %s, and its baggage is ignored',
    (_what, sentryTrace) => {
      const context = continueTrace({ sentryTrace, baggage: 'sentry-release=1' });
      expect(context.traceId).not.toBe(TRACE_ID);
      expect(context).not.toHaveProperty('dsc');
      expect(context).not.toHaveProperty('parentSpanId');
    },
  );
});

describe('traceparent', () => {
  const ids = `${TRACE_ID}-${SPAN_ID}`;

  it.each([
    [`00-${ids}-01`, true],
    [`00-${ids}-02`, false],
    [`cc-${ids}-03-what-ever`, true],
  ])('%s is continued where there is no sentry-trace', (traceparent, sampled) => {
    expect(continueTrace({ traceparent })).toMatchObject({
      traceId: TRACE_ID,
      parentSpanId: SPAN_ID,
      sampled,
    });
  });

  it('gives way to a valid sentry-trace and stands in for an invalid one', () => {
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    expect(continueTrace({ sentryTrace: SENTRY_TRACE, traceparent }).traceId).toBe(TRACE_ID);
    expect(continueTrace({ sentryTrace: 'x', traceparent }).traceId).toBe('1'.repeat(32));
  });

  it.each([
    `ff-${ids}-01`,
    `00-${ids}-01-more`,
    `cc-${ids}-01.more`,
    `00-${ids}`,
    `00-${ids.toUpperCase()}-01`,
    `00-${ZERO_TRACE}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${ZERO_SPAN}-01`,
  ])('%s is none', (traceparent) => {
    expect(continueTrace({ traceparent })).not.toHaveProperty('parentSpanId');
  });
});

describe('a trace of another organisation', () => {
  const trace = (incoming: string | undefined, options: Parameters<typeof continueTrace>[1]): boolean =>
    continueTrace({ sentryTrace: SENTRY_TRACE, baggage: incoming && `sentry-org_id=${incoming}` }, options)
      .traceId === TRACE_ID;

  it('is never continued', () => {
    expect(trace('1', { orgId: '2' })).toBe(false);
    expect(trace('1', { orgId: '1', strictTraceContinuation: true })).toBe(true);
  });

  it('is suspected only under strictTraceContinuation where one side is silent', () => {
    expect([trace('1', {}), trace(undefined, { orgId: '1' })]).toEqual([true, true]);
    const strict = { strictTraceContinuation: true };
    expect([trace('1', strict), trace(undefined, { orgId: '1', ...strict })]).toEqual([false, false]);
    expect(trace(undefined, strict)).toBe(true);
  });
});

it('arbitrary headers never throw and always give valid ids', () => {
  const alphabet = '0123456789abcdef-,=;% sentry\u0000ü'.split('');
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 80 }));
  const almost = fc
    .tuple(fc.nat(SENTRY_TRACE.length - 1), fc.string({ maxLength: 1 }))
    .map(([at, character]) => SENTRY_TRACE.slice(0, at) + character + SENTRY_TRACE.slice(at + 1));
  const header = fc.oneof(
    text,
    almost,
    fc.array(text, { maxLength: 3 }),
    fc.constant(undefined),
    fc.anything(),
  );
  fc.assert(
    fc.property(header, header, header, (sentryTrace, baggage, traceparent) => {
      const headers = { sentryTrace, baggage, traceparent } as Record<string, HeaderValue>;
      const context = continueTrace(headers, { orgId: '1' });
      expectValidIds(context);
      expect(context.sampleRand >= 0 && context.sampleRand < 1).toBe(true);
    }),
  );
});
