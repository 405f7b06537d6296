import { HttpException, InternalServerErrorException, NotFoundException } from '@nestjs/common';
import fc from 'fast-check';
import { WsException } from '@nestjs/websockets';
import { GraphQLError } from 'graphql';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { newClient } from '../../client/support/new-client';
import { freePort } from '../../support/free-port';
import { thrownBy, toldOf } from './support/told-of';
import { workedMs } from '../../support/worked-ms';

const MACHINE = ['runtime', 'os', 'device', 'app', 'trace', 'culture', 'cloud_resource'];

/** Names of the contexts that errors have. */
function namesIn(contexts: Record<string, unknown>): string[] {
  return Object.keys(contexts).filter((name) => !MACHINE.includes(name));
}

class PaymentError extends Error {
  constructor(
    message: string,
    readonly orderId: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

describe("an error's own properties", () => {
  it('are a context named for its type', () => {
    expect(toldOf(new PaymentError('refused', 7)).contexts.PaymentError).toEqual({ orderId: 7 });
  });

  it('are none for an error that has none', () => {
    expect(namesIn(toldOf(new Error('plain')).contexts)).toEqual([]);
  });

  it('are not told where errorDetails is false', () => {
    expect(namesIn(toldOf(new PaymentError('refused', 7), { errorDetails: false }).contexts)).toEqual([]);
  });

  it("of the system's errors tell call and path", async () => {
    const { contexts } = toldOf(await thrownBy(() => readFileSync('/nowhere/at/all')));
    expect(contexts.Error).toMatchObject({ code: 'ENOENT', syscall: 'open', path: '/nowhere/at/all' });
  });

  it('of a program that failed do not tell its arguments', async () => {
    const error = await thrownBy(() =>
      promisify(execFile)(process.execPath, ['-e', 'console.log("0utput"); process.exit(3)', 'pa55']),
    );
    const { contexts } = toldOf(error);
    expect(contexts.Error).toMatchObject({ code: 3 });
    expect(JSON.stringify(contexts)).not.toMatch(/pa55|0utput/);
  });

  it('of a fetch that failed are those of its cause', async () => {
    const port = await freePort();
    const { contexts } = toldOf(await thrownBy(() => fetch(`http://127.0.0.1:${port}/`)));
    expect(namesIn(contexts)).toEqual(['Error']);
    expect(contexts.Error).toMatchObject({ code: 'ECONNREFUSED', port });
  });

  it('pass the processors, as anything else', () => {
    const error = Object.assign(new Error('refused'), {
      apiKey: 'k3y',
      nested: { password: 'pa55' },
      link: 'https://user:hunter2@example.com/?token=t0ken',
    });
    const { contexts, text } = toldOf(error);
    expect(contexts.Error).toMatchObject({ apiKey: '********', nested: { password: '********' } });
    expect(text).not.toMatch(/k3y|pa55|hunter2|t0ken/);
  });

  it('do not repeat the message', () => {
    expect(namesIn(toldOf(new WsException('no room')).contexts)).toEqual([]);
  });

  it('do not hold requests, sockets and what was sent over them', () => {
    const response = { status: 502, statusText: 'Bad Gateway', headers: { a: 'h3ader' }, data: 'b0dy' };
    const error = Object.assign(new Error('refused'), {
      code: 7,
      request: { body: 'b0dy' },
      response,
      socket: new Socket(),
      handle: new Socket(),
      config: { headers: { a: 'h3ader' } },
      body: 'b0dy',
      original: new Error('b0dy'),
      sql: "SELECT 'b0dy'",
    });
    const { contexts } = toldOf(error);
    expect(contexts.Error).toEqual({
      code: 7,
      response: { status: 502, statusText: 'Bad Gateway' },
      handle: '[Socket]',
      sql: 'SELECT ?',
    });
    const told = JSON.stringify(toldOf(error, { sendDefaultPii: true }).contexts);
    expect(told).toContain('b0dy');
    expect(told).not.toContain('h3ader');
  });

  it('of an answer of a class are its status', () => {
    const error = Object.assign(new Error('refused'), { response: new Response('b0dy', { status: 503 }) });
    expect(toldOf(error).contexts.Error).toEqual({ response: { status: 503 } });
  });

  it('are bounded in depth, number and length', () => {
    const deep = { a: { b: { c: { d: { e: 1 } } } } };
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, index]));
    const error = Object.assign(new Error('large'), {
      deep,
      many,
      long: 'x'.repeat(1e6),
      list: Array.from({ length: 1e6 }, () => 1),
    });
    const { contexts } = toldOf(error);
    expect(JSON.stringify(contexts.Error).length).toBeLessThan(8 * 1024);
    expect(contexts.Error.deep).toEqual({ a: { b: '[Object]' } });
    expect(Object.keys(contexts.Error.many as object)).toHaveLength(20);
    expect(contexts.Error.list).toHaveLength(20);
  });
});

describe('contexts of errors', () => {
  it('are those of the first five of the chain that have something to tell', () => {
    let error = new PaymentError('p0', 0);
    for (let index = 1; index < 8; index++) error = new PaymentError(`p${index}`, index, { cause: error });
    const { contexts } = toldOf(new Error('outer', { cause: error }));
    expect(namesIn(contexts)).toEqual([
      'PaymentError',
      'PaymentError 2',
      'PaymentError 3',
      'PaymentError 4',
      'PaymentError 5',
    ]);
    expect(contexts.PaymentError).toEqual({ orderId: 7 });
  });

  it('are those of the members of a group, too', () => {
    const group = new AggregateError([
      new PaymentError('one', 1),
      new TypeError('two'),
      new PaymentError('three', 3),
    ]);
    const { contexts } = toldOf(group);
    expect(contexts).toMatchObject({ PaymentError: { orderId: 1 }, 'PaymentError 2': { orderId: 3 } });
  });

  it("give way to the app's own of the same name", () => {
    const { client, event } = newClient();
    client.context.merge({ contexts: { PaymentError: { mine: true } } });
    client.captureException(new PaymentError('refused', 7));
    expect(event().contexts?.PaymentError).toEqual({ mine: true });
  });

  it.each(['trace', 'response', 'runtime', 'Device'])('never take the place of the protocol: %s', (name) => {
    const error = Object.assign(new Error('odd'), { code: 7 });
    error.name = name;
    const { contexts } = toldOf(error);
    expect(contexts.Error).toEqual({ name, code: 7 });
    if (name === 'trace') expect(contexts.trace).toHaveProperty('trace_id');
    else expect(contexts).not.toHaveProperty([name, 'code']);
  });

  it('are told as Error where the name would be masked as that of a secret', () => {
    class TokenExpiredError extends Error {
      readonly expiredAt = new Date(0);
    }
    expect(toldOf(new TokenExpiredError('jwt expired')).contexts.Error).toEqual({
      name: 'TokenExpiredError',
      expiredAt: '1970-01-01T00:00:00.000Z',
    });
  });

  it('have no type of their own, by which a server would choose how to show them', () => {
    const error = Object.assign(new Error('card'), { type: 'device' });
    expect(toldOf(error).contexts.Error).toEqual({ errorType: 'device' });
  });

  it('are made of hostile errors without harm', () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const throwing = new Proxy(new Error('proxy'), {
      ownKeys: () => {
        throw new Error('no keys');
      },
    });
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const getter = Object.defineProperty(new Error('getter'), 'code', {
      enumerable: true,
      get: () => {
        throw new Error('no code');
      },
    });
    const lies: object[] = [
      { isAxiosError: true, config: revoked.proxy, response: revoked.proxy },
      {
        isAxiosError: true,
        config: { url: 'http://[', params: revoked.proxy, timeout: cyclic },
        response: cyclic,
      },
      { query: 'SELECT 1', driverError: revoked.proxy, parameters: { length: 1e9 } },
      { name: 'EntityNotFoundError', entityClass: revoked.proxy, criteria: cyclic },
      { name: 'PrismaClientValidationError', clientVersion: 1, message: 7, meta: revoked.proxy },
      { name: 'ValidationError', _message: 'x', errors: { a: revoked.proxy, b: cyclic } },
      { name: 'ZodError', issues: [revoked.proxy, cyclic] },
      { name: 'ZodError', issues: revoked.proxy },
      { name: 'MongoServerError', message: cyclic, keyPattern: revoked.proxy },
      { name: 'GraphQLError', extensions: {}, path: Object.assign([], { length: 1e8 }) },
      { getStatus: 1, getResponse: () => 1, response: revoked.proxy },
      { property: 'a', children: [cyclic, revoked.proxy], constraints: cyclic },
      { cyclic, revoked: revoked.proxy, list: [revoked.proxy] },
    ];
    for (const lie of lies) {
      for (const error of [lie, Object.assign(new Error('lie'), lie)]) {
        expect(toldOf(error).exceptions).toHaveLength(1);
      }
    }
    expect(toldOf(throwing).exceptions).toEqual(['Error: proxy']);
    expect(toldOf(getter).exceptions).toEqual(['Error: getter']);
  });

  it('take no time to speak of for an error that holds megabytes', () => {
    const wide = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${index}`, {} as object]));
    const fill = (holder: Record<string, object>, depth: number): void => {
      for (const key of Object.keys(holder)) holder[key] = depth > 0 ? holder : {};
    };
    fill(wide, 3);
    const error = { property: 'a', constraints: wide, children: [] as object[] };
    for (let index = 0; index < 50; index++) error.children.push(error);
    const other = { name: 'EntityNotFoundError', entityClass: 'A', criteria: wide };
    const tookMs = workedMs(() => {
      toldOf([error]);
      toldOf(Object.assign(new Error('wide'), other));
    });
    expect(tookMs).toBeLessThan(2000);
  });

  it('never stop a capture, whatever the properties are', () => {
    fc.assert(
      fc.property(
        fc.object({ withNullPrototype: true, withBigInt: true, withMap: true, withSet: true }),
        (given) => {
          const { exceptions } = toldOf(
            Object.assign(new Error('any'), given, { message: 'any', name: 'Any' }),
          );
          expect(exceptions[0]).toBeDefined();
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("Nest's exceptions", () => {
  it('tell their status, and of the response what is not the message', () => {
    expect(toldOf(new NotFoundException('no order')).contexts.NotFoundException).toEqual({ status: 404 });
    expect(
      toldOf(new InternalServerErrorException({ message: 'no', reason: 'stock', left: 3 })).contexts
        .InternalServerErrorException,
    ).toEqual({ status: 500, response: { message: 'no', reason: 'stock', left: 3 } });
    expect(toldOf(new HttpException('text', 503)).contexts.HttpException).toEqual({ status: 503 });
  });
});

describe('an error of GraphQL', () => {
  it('tells path and code', () => {
    const error = new GraphQLError('no', {
      path: ['orders', 0, 'price'],
      extensions: { code: 'BAD_USER_INPUT', variables: { email: 'jane' } },
    });
    expect(toldOf(error).contexts.GraphQLError).toEqual({ path: 'orders[0].price', code: 'BAD_USER_INPUT' });
  });
});

describe('an error of Redis', () => {
  it('tells the command without its arguments', () => {
    const error = Object.assign(new Error('WRONGTYPE'), {
      name: 'ReplyError',
      command: { name: 'lpush', args: ['user:jane', 's3cret'] },
    });
    const { contexts, text } = toldOf(error);
    expect(contexts.ReplyError).toEqual({ command: 'lpush' });
    expect(text).not.toMatch(/jane|s3cret/);
  });
});
