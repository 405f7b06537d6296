import { describe, expect, it } from 'vitest';
import * as zod4 from 'zod';
import * as zod3 from 'zod/v3';
import { thrownBy, toldOf } from './support/told-of';

const GIVEN = {
  body: { items: [{ price: -98765 }], role: 'r0le', password: 's3cret', tags: 'no list' },
  byMail: { 'jane@example.com': 98765 },
};

const parse4 = (): Promise<unknown> =>
  thrownBy(() => {
    const { z } = zod4;
    z.object({
      body: z.object({
        items: z.array(z.object({ price: z.number().min(1) })),
        role: z.enum(['admin', 'guest']),
        password: z.string().min(12),
        tags: z.array(z.string()),
      }),
      byMail: z.record(z.string(), z.string()),
    }).parse(GIVEN);
  });

const parse3 = (): Promise<unknown> =>
  thrownBy(() => {
    const { z } = zod3;
    z.object({
      body: z.object({
        items: z.array(z.object({ price: z.number().min(1) })),
        role: z.enum(['admin', 'guest']),
        password: z.string().min(12),
        tags: z.array(z.string()),
      }),
      byMail: z.record(z.string(), z.string()),
    }).parse(GIVEN);
  });

describe.each([
  ['4', parse4, 'invalid_value'],
  ['3', parse3, 'invalid_enum_value'],
])('an error of zod %s', (_, parse, enumCode) => {
  const issues = [
    'body.items[0].price (too_small)',
    `body.role (${enumCode})`,
    'body.password (too_small)',
    'body.tags (invalid_type, expected array)',
    'byMail.* (invalid_type, expected string)',
  ];

  it('tells fields and rules, and no value', async () => {
    const { contexts, text } = toldOf(await parse());
    expect(contexts.ZodError).toEqual({ issues });
    expect(text).not.toMatch(/98765|r0le|s3cret|no list|jane/);
  });

  it.each([false, true])('has a message that can be read (sendDefaultPii: %s)', async (sendDefaultPii) => {
    const { exceptions } = toldOf(await parse(), { sendDefaultPii });
    expect(exceptions).toEqual([`ZodError: ${issues.join(', ')}`]);
  });
});

it('an error of zod that names nothing keeps its message', () => {
  expect(toldOf(new zod3.ZodError([])).exceptions).toEqual(['ZodError: []']);
});
