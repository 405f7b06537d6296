import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRateLimits, RateLimits, type RateLimitAnswer } from '../../lib/protocol/rate-limits';

const WALL_MS = Date.parse('2026-11-23T10:00:00Z');

function clocked(): { limits: RateLimits; pass: (seconds: number) => void } {
  let nowMs = 5;
  return {
    limits: new RateLimits(
      () => nowMs,
      () => WALL_MS,
    ),
    pass: (seconds) => (nowMs += seconds * 1000),
  };
}

describe('X-Sentry-Rate-Limits', () => {
  it.each([
    ['60:transaction:key', [{ retryAfterS: 60, categories: ['transaction'] }]],
    [
      '2700:default;error;security:organization',
      [{ retryAfterS: 2700, categories: ['default', 'error', 'security'] }],
    ],
    ['60::organization', [{ retryAfterS: 60, categories: 'all' }]],
    ['42', [{ retryAfterS: 42, categories: 'all' }]],
    ['42::organization:my_limit', [{ retryAfterS: 42, categories: 'all' }]],
    ['9:metric_bucket:organization:quota_exceeded:custom', [{ retryAfterS: 9, categories: [] }]],
    ['9:error:who:why:a;b:future:more', [{ retryAfterS: 9, categories: ['error'] }]],
    ['9:brand_new;error', [{ retryAfterS: 9, categories: ['error'] }]],
    ['9:error;;session', [{ retryAfterS: 9, categories: ['error', 'session'] }]],
    [' 9 : error ;\tsession : key ', [{ retryAfterS: 9, categories: ['error', 'session'] }]],
    ['1.1:error', [{ retryAfterS: 2, categories: ['error'] }]],
    [
      '-5:error, 0:session',
      [
        { retryAfterS: 0, categories: ['error'] },
        { retryAfterS: 0, categories: ['session'] },
      ],
    ],
    ['soon:error, 5:session', [{ retryAfterS: 5, categories: ['session'] }]],
    ['1e3:error', []],
    ['', []],
    [',,', []],
  ])('reads %j', (header, quotas) => {
    expect(parseRateLimits(header)).toEqual(quotas);
  });

  it('reads several header lines as one list', () => {
    expect(parseRateLimits(['1:error', '2:session'])).toHaveLength(2);
  });

  it('is read without throwing whatever a server writes', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789.:;,- errordefault\n'.split('')) });
    fc.assert(
      fc.property(fc.oneof(fc.string(), text), (header) => {
        for (const quota of parseRateLimits(header)) expect(quota.retryAfterS).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('rate limits', () => {
  it('hold for their category until their time is over', () => {
    const { limits, pass } = clocked();
    limits.update({ status: 200, rateLimitHeader: '10:error:key' });
    expect([limits.isLimited('error'), limits.isLimited('session')]).toEqual([true, false]);
    pass(9.9);
    expect(limits.isLimited('error')).toBe(true);
    pass(0.2);
    expect(limits.isLimited('error')).toBe(false);
  });

  it('on all categories outlive a shorter one on a single category', () => {
    const { limits, pass } = clocked();
    limits.update({ status: 200, rateLimitHeader: '60::key, 5:error:key' });
    pass(6);
    expect(limits.isLimited('error')).toBe(true);
  });

  it('are not shortened by a later, shorter one', () => {
    const { limits, pass } = clocked();
    limits.update({ status: 200, rateLimitHeader: '60:error, 10:error' });
    limits.update({ status: 200, rateLimitHeader: '1:error' });
    limits.update({ status: 200, rateLimitHeader: '0:error' });
    pass(59);
    expect(limits.isLimited('error')).toBe(true);
    expect(limits.remainingMs('error')).toBe(1000);
  });

  it('leave everything else alone where all names are unknown, also on a 429', () => {
    const { limits } = clocked();
    expect(limits.update({ status: 429, rateLimitHeader: '60:brand_new:key', retryAfter: '60' })).toEqual([]);
    expect(limits.isLimited('error')).toBe(false);
  });

  it('come from the header alone where there is one', () => {
    const { limits } = clocked();
    limits.update({ status: 429, rateLimitHeader: '60:session:key', retryAfter: '60' });
    expect([limits.isLimited('session'), limits.isLimited('error')]).toEqual([true, false]);
  });

  it.each([
    ['seconds', { retryAfter: '120' }, 120],
    ['decimal seconds', { retryAfter: '119.2' }, 120],
    ['an HTTP date', { retryAfter: 'Mon, 23 Nov 2026 10:02:00 GMT' }, 120],
    ['nothing', {}, 60],
    ['nonsense', { retryAfter: 'later' }, 60],
    ['a header that cannot be read', { rateLimitHeader: 'x:y:z' }, 60],
    ['a header that cannot be read beside a Retry-After', { rateLimitHeader: '', retryAfter: '30' }, 30],
  ])('of a 429 with %s are on everything', (_what, answer, seconds) => {
    const { limits } = clocked();
    limits.update({ status: 429, ...answer });
    expect(limits.remainingMs('error')).toBe(seconds * 1000);
    expect(limits.isLimited('internal')).toBe(true);
  });

  it('are not read off the Retry-After of other answers', () => {
    const { limits } = clocked();
    limits.update({ status: 503, retryAfter: '60' });
    expect(limits.isLimited('error')).toBe(false);
  });

  it.each<[string, RateLimitAnswer]>([
    ['many years', { status: 200, rateLimitHeader: '99999999999:error:organization' }],
    ['a number beyond all numbers', { status: 200, rateLimitHeader: `${'9'.repeat(400)}::key` }],
    ['such a Retry-After', { status: 429, retryAfter: '9'.repeat(400) }],
    ['a far date', { status: 429, retryAfter: 'Fri, 31 Dec 9999 23:59:59 GMT' }],
  ])('last a day where a server asks for %s', (_, answer) => {
    const { limits, pass } = clocked();
    expect(limits.update(answer)).toEqual([expect.objectContaining({ retryAfterS: 86_400 })]);
    pass(86_399);
    expect(limits.isLimited('error')).toBe(true);
    pass(1);
    expect(limits.isLimited('error')).toBe(false);
  });

  it('never stop client reports by their own category', () => {
    const { limits } = clocked();
    limits.update({ status: 200, rateLimitHeader: '60:internal' });
    expect(limits.isLimited('internal')).toBe(false);
  });

  it('last as long as the longest of all that was asked for', () => {
    const quota = fc.record({
      seconds: fc.integer({ min: 0, max: 500 }),
      category: fc.constantFrom('error', 'session', ''),
    });
    fc.assert(
      fc.property(fc.array(fc.array(quota, { maxLength: 4 }), { maxLength: 4 }), (answers) => {
        const { limits } = clocked();
        for (const quotas of answers) {
          const header = quotas.map(({ seconds, category }) => `${seconds}:${category}:key`).join(', ');
          limits.update({ status: 200, rateLimitHeader: header });
        }
        const longest = (category: string): number =>
          Math.max(
            0,
            ...answers.flat().map((one) => (['', category].includes(one.category) ? one.seconds : 0)),
          );
        expect(limits.remainingMs('error')).toBe(longest('error') * 1000);
        expect(limits.remainingMs('session')).toBe(longest('session') * 1000);
        expect(limits.remainingMs('feedback')).toBe(longest('') * 1000);
      }),
    );
  });
});
