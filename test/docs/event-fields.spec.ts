import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Body,
  Controller,
  HttpCode,
  Logger,
  Module,
  Param,
  Post,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Fingerprint, RavenClient, RavenLogger, RavenModule, Tag } from 'nestjs-raven';
import { MASK } from '../../lib/processors/mask';
import { startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { get, testOptions } from '../support/test-app';
import { EVENT_FIELDS } from './event-fields';

const PAGE = join(__dirname, '../../docs/running.md');
const BEGIN =
  '<!-- fields: written by test/docs/event-fields.spec.ts: UPDATE_DOCS=1 npx vitest run test/docs -->\n';
const END = '<!-- /fields -->';

/** Who asks, by what nobody but them has. None of it may be sent unless personal data is. */
const PERSON = {
  name: 'Ada Lovelace',
  username: 'ada17',
  email: 'ada@example.com',
  address: '203.0.113.9',
  street: '12 St James Square',
  theme: 'dark-mode-of-ada',
  card: 'visa of Ada',
};
/** None of it may ever be sent. */
const SECRETS = {
  password: 'correct-horse-battery',
  bearer: 'b34r3r-t0k3n-of-ada',
  apiKey: 'k3y-0f-4d4-17',
  session: 's3ss10n-of-ada',
  query: 't0k3n-in-a-query',
  cardNumber: '4111111111111111',
};

class PaymentFailed extends Error {
  readonly code = 'declined';
  /** What was given to the bank. */
  readonly params = { holder: PERSON.card };
}

class SignedIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { name, username, email } = PERSON;
    context.switchToHttp().getRequest<{ user: unknown }>().user = { id: 17, name, username, email };
    return true;
  }
}

const logger = new Logger('Orders');

@UseGuards(SignedIn)
@Controller('orders')
class OrdersController {
  constructor(private readonly raven: RavenClient) {}

  @Post(':id/pay')
  @Fingerprint('{{ default }}', 'orders')
  async pay(@Param('id') @Tag('order') id: string, @Body() body: { lines: unknown[] }): Promise<void> {
    this.raven.extraContext({ lines: body.lines.length });
    this.raven.flag('new-checkout', true);
    this.raven.captureBreadcrumb({ category: 'orders', message: 'begin', data: { attempt: 1 } });
    logger.log(`pay order ${id}`);
    // A service of the app's own, on this very server.
    await fetch(`${this.bank}?access_token=${SECRETS.query}`, { method: 'POST' });
    throw new PaymentFailed('the bank said no', { cause: new TypeError('no answer') });
  }

  bank = '';

  @Post('bank')
  @HttpCode(204)
  answer(): void {}
}

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1');
  vi.stubEnv('POD_NAME', 'shop-7d9f');
  vi.stubEnv('FLY_APP_NAME', 'shop');
  vi.stubEnv('FLY_REGION', 'ams');
  vi.stubEnv('SENTRY_DIST', '42');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await receiver.close();
});

/** What of a request that fails is sent: the event, and the headers of its envelope. */
async function sent(sendDefaultPii: boolean): Promise<{ event: ReceivedEvent; envelope: object }> {
  const given = { sendDefaultPii, includeVersions: true, release: 'shop@1.2.3', environment: 'test' };
  @Module({
    imports: [RavenModule.forRoot(testOptions(receiver, { dsn: receiver.dsn('1', 'dsn-s3cret'), ...given }))],
    controllers: [OrdersController],
  })
  class Root {}
  const app: INestApplication = await NestFactory.create(Root, { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(RavenLogger));
  const printed = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  const complained = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    await app.listen(0, '127.0.0.1');
    app.get(OrdersController).bank = `${await app.getUrl()}/orders/bank`;
    receiver.envelopes.length = 0;
    const response = await get(app, `/orders/5/pay?coupon=SPRING&token=${SECRETS.query}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${SECRETS.bearer}`,
        'x-api-key': SECRETS.apiKey,
        'x-forwarded-for': PERSON.address,
        'x-real-ip': PERSON.address,
        cookie: `session=${SECRETS.session}; theme=${PERSON.theme}`,
        referer: `https://shop.example.com/cart?token=${SECRETS.query}`,
      },
      body: JSON.stringify({
        lines: [1],
        street: PERSON.street,
        email: PERSON.email,
        password: SECRETS.password,
        card: SECRETS.cardNumber,
      }),
    });
    expect(response.status).toBe(500);
  } finally {
    await app.close();
    printed.mockRestore();
    complained.mockRestore();
  }
  expect(receiver.envelopes).toHaveLength(1);
  const [{ headers, items }] = receiver.envelopes;
  return { event: items[0].payload as ReceivedEvent, envelope: headers };
}

/** The values of an event by their paths; items of a list have the same. */
function leaves(value: unknown, path = '', found = new Map<string, unknown[]>()): Map<string, unknown[]> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      const step = Array.isArray(value) ? `${path}[]` : path === '' ? key : `${path}.${key}`;
      leaves(member, step, found);
    }
  } else {
    found.set(path, [...(found.get(path) ?? []), value]);
  }
  return found;
}

const fieldOf = (path: string) => EVENT_FIELDS.find((field) => field.path.test(path));

/** What a field has in it, as a word. */
function seen(paths: Map<string, unknown[]>, name: string): '–' | 'masked' | 'sent' {
  const values = [...paths].filter(([path]) => fieldOf(path)?.name === name).flatMap(([, found]) => found);
  if (values.length === 0) return '–';
  return values.every((value) => value === MASK) ? 'masked' : 'sent';
}

function table(byDefault: Map<string, unknown[]>, withPii: Map<string, unknown[]>): string {
  const rows = EVENT_FIELDS.map(({ name, kind, holds }) => {
    return `| ${name} | ${kind} | ${holds} | ${seen(byDefault, name)} | ${seen(withPii, name)} |`;
  });
  return `| Field | Kind | Holds | by default | with \`sendDefaultPii\` |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

describe('what is sent of a request that failed', () => {
  let byDefault: string;
  let withPii: string;
  let paths: Record<'byDefault' | 'withPii', Map<string, unknown[]>>;
  beforeAll(async () => {
    const [less, more] = [await sent(false), await sent(true)];
    byDefault = JSON.stringify(less);
    withPii = JSON.stringify(more);
    const of = ({ event, envelope }: typeof less) => leaves({ ...event, envelope });
    paths = { byDefault: of(less), withPii: of(more) };
  });

  it('has nothing of the person but their id, unless personal data is asked for', () => {
    for (const value of Object.values(PERSON)) expect(byDefault).not.toContain(value);
    for (const value of Object.values(PERSON)) expect(withPii).toContain(value);
  });

  it('has no secret, whatever is asked for', () => {
    for (const value of [...Object.values(SECRETS), 'dsn-s3cret']) {
      expect(byDefault).not.toContain(value);
      expect(withPii).not.toContain(value);
    }
  });

  it('has no field that the page does not name', () => {
    const unnamed = [...paths.byDefault.keys(), ...paths.withPii.keys()].filter((path) => !fieldOf(path));
    expect([...new Set(unnamed)]).toEqual([]);
  });

  it('has every field that the page names', () => {
    const missing = EVENT_FIELDS.filter(({ name }) => seen(paths.withPii, name) === '–');
    expect(missing).toEqual([]);
  });

  it('is the table of docs/running.md', () => {
    const written = table(paths.byDefault, paths.withPii);
    const page = readFileSync(PAGE, 'utf8');
    const [before, rest] = page.split(BEGIN);
    const [is, after] = rest.split(END);
    if (process.env.UPDATE_DOCS) writeFileSync(PAGE, `${before}${BEGIN}\n${written}\n${END}${after}`);
    else expect(is.trim()).toBe(written.trim());
  });
});
