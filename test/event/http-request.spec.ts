import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestInterface, userFrom, type HttpRequestSource } from '../../lib/event/http-request';

const PRIVATE = { sendDefaultPii: false, maxBodyLength: 8192 };
const PERSONAL = { sendDefaultPii: true, maxBodyLength: 8192 };

const SOURCE: HttpRequestSource = {
  method: 'post',
  url: '/orders?page=2&token=s3cret#top',
  protocol: 'https',
  host: 'shop.example.com',
  headers: {
    accept: 'text/html',
    authorization: 'Bearer s3cret',
    cookie: 'sid=s3cret; theme=dark',
    'x-forwarded-for': '203.0.113.7',
    referer: 'https://shop.example.com/?api_key=s3cret&a=1',
    via: ['a', 'b'],
    'x-many': ['a', 'b'],
    'x-none': undefined,
  },
  body: { name: 'Anna' },
  ip: '203.0.113.7',
};

describe('a request without personal data', () => {
  it('tells method, URL, query and headers, credentials and who is asking masked', () => {
    expect(requestInterface(SOURCE, PRIVATE)).toEqual({
      method: 'POST',
      url: 'https://shop.example.com/orders',
      query_string: 'page=2&token=********',
      headers: {
        accept: 'text/html',
        authorization: '********',
        'x-forwarded-for': '********',
        referer: 'https://shop.example.com/?api_key=********&a=1',
        via: '********',
        'x-many': 'a, b',
      },
    });
  });

  it.each([
    'From',
    'x-envoy-external-address',
    'x-azure-clientip',
    'true-client-ip',
    'x-client-ip',
    'x-cluster-client-ip',
    'fastly-client-ip',
    'cf-connecting-ip',
    'x-real-ip',
    'forwarded',
    'Forwarded',
    'x-forwarded-for',
    'x-user-id',
  ])('masks the header %s, which with personal data is told', (name) => {
    const source = { headers: { [name]: '203.0.113.7' } };
    expect(requestInterface(source, PRIVATE).headers).toEqual({ [name]: '********' });
    expect(requestInterface(source, PERSONAL).headers).toEqual({ [name]: '203.0.113.7' });
  });

  it.each(['user-agent', 'origin', 'host', 'x-request-id', 'if-none-match', 'x-shipping', 'traceparent'])(
    'tells the header %s',
    (name) => {
      expect(requestInterface({ headers: { [name]: 'v' } }, PRIVATE).headers).toEqual({ [name]: 'v' });
    },
  );

  it('needs nothing', () => {
    expect(requestInterface({}, PRIVATE)).toEqual({ method: 'GET', url: 'http://localhost/', headers: {} });
  });
});

describe('a request with personal data', () => {
  it('adds cookies, body and address, credentials still masked', () => {
    const request = requestInterface(SOURCE, PERSONAL);
    expect(request).toMatchObject({
      cookies: { sid: '********', theme: 'dark' },
      data: { name: 'Anna' },
      env: { REMOTE_ADDR: '203.0.113.7' },
    });
    expect(request.headers).toMatchObject({ 'x-forwarded-for': '203.0.113.7', via: 'a, b' });
    expect(JSON.stringify(request)).not.toContain('s3cret');
  });

  it.each([
    'x-client-cert',
    'X-Forwarded-Client-Cert',
    'x-hub-signature',
    'X-Hub-Signature-256',
    'x-amz-signature',
    'X-Auth-Key',
    'Ocp-Apim-Subscription-Key',
    'x-otp',
  ])('still masks the header %s', (name) => {
    expect(requestInterface({ headers: { [name]: 's3cret' } }, PERSONAL).headers).toEqual({
      [name]: '********',
    });
  });

  it('takes cookies as the framework has read them', () => {
    const cookies = { theme: 'dark', 'connect.sid': 's3cret', basket: { toString: () => 'b1' }, odd: [{}] };
    expect(requestInterface({ cookies }, PERSONAL).cookies).toEqual({
      theme: 'dark',
      'connect.sid': '********',
      basket: 'b1',
      odd: '********',
    });
  });

  it.each([[undefined], [null], [''], [{}], [[]]])('leaves an empty body out: %j', (body) => {
    expect(requestInterface({ body }, PERSONAL)).not.toHaveProperty('data');
  });

  it('tells of bytes only how many', () => {
    expect(requestInterface({ body: Buffer.alloc(9) }, PERSONAL).data).toBe('[Buffer: 9 bytes]');
  });

  it('has no body longer than wanted, whatever it is', () => {
    const body = fc.oneof(
      fc.array(fc.array(fc.string({ minLength: 200, maxLength: 300 }), { maxLength: 30 }), { maxLength: 30 }),
      fc.anything(),
    );
    fc.assert(
      fc.property(body, fc.integer({ min: 20, max: 3000 }), (sent, maxBodyLength) => {
        const { data } = requestInterface({ body: sent }, { sendDefaultPii: true, maxBodyLength });
        if (typeof data === 'string') expect(data.length).toBeLessThanOrEqual(Math.max(maxBodyLength, 30));
        else if (data !== undefined) expect(JSON.stringify(data).length).toBeLessThanOrEqual(maxBodyLength);
      }),
      { numRuns: 50 },
    );
  });

  it('cuts a long body as data, so that its keys can still be told', () => {
    const body = { first: 'a'.repeat(5000), list: Array.from({ length: 100 }, () => 'b'.repeat(100)) };
    const data = requestInterface({ body }, PERSONAL).data as Record<string, string[]>;
    expect([data.first.length, data.list.length]).toEqual([200, 20]);
    const rows = Array.from({ length: 100 }, () => ({ a: 'a'.repeat(500), b: 'b'.repeat(500) }));
    expect(requestInterface({ body: rows }, { ...PERSONAL, maxBodyLength: 12_000 }).data).toHaveLength(20);
    expect(requestInterface({ body: rows }, { ...PERSONAL, maxBodyLength: 2000 }).data).toHaveLength(10);
  });
});

describe('a hostile request', () => {
  it.each([
    ['GET http://user:s3cret@other.example.com/a?b=1', 'http://user:s3cret@other.example.com/a?b=1'],
    ['an @ in the credentials', 'https://user:s3@cret@other.example.com/a'],
  ])('has no credentials in its URL: %s', (_what, url) => {
    const told = requestInterface({ url, host: 'proxy.example.com' }, PRIVATE).url;
    expect(told).toMatch(/^https?:\/\/other\.example\.com\/a$/);
  });

  it.each([
    ['*', 'http://h/*'],
    ['', 'http://h/'],
    ['//evil', 'http://h//evil'],
    ['/a#b?c', 'http://h/a'],
    ['/%zz', 'http://h/%zz'],
  ])('is told by its path %j', (url, expected) => {
    expect(requestInterface({ url, host: 'h' }, PRIVATE).url).toBe(expected);
  });

  it('may have headers and cookies of any name', () => {
    const headers = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    const request = requestInterface({ headers: { ...headers, cookie: '__proto__=1;=2;;a' } }, PERSONAL);
    expect(JSON.stringify(request)).toContain('"headers":{"__proto__":"a","constructor":"b"}');
    expect(JSON.stringify(request)).toContain('"cookies":{"__proto__":"1"}');
  });

  it.each([
    ['token=s3cret', 'token=********'],
    ['%74oken=s3cret', '%74oken=********'],
    ['user[password]=s3cret', 'user[password]=********'],
    ['token=s3=cret', 'token=********'],
    ['%zztoken=s3cret', '%zztoken=********'],
    ['token', 'token'],
    ['a=1&&=&b', 'a=1&&=&b'],
  ])('has a query %j without credentials', (query, expected) => {
    expect(requestInterface({ url: `/?${query}` }, PRIVATE).query_string).toBe(expected);
  });

  it.each([
    ['/auth/callback?code=s3cret&a=1', 'code=********&a=1'],
    ['/oauth2/done?state=s3cret', 'state=********'],
    ['/signed-in?state=s3cret&code=s3cret', 'state=********&code=********'],
    ['/signed-in?%63ode=s3cret&state=s3cret', '%63ode=********&state=********'],
    ['/coupons?code=SUMMER&page=1', 'code=SUMMER&page=1'],
    ['/orders?state=paid', 'state=paid'],
    ['/verify?otp=s3cret&sig=s3cret&cvv=s3cret', 'otp=********&sig=********&cvv=********'],
  ])('has a URL %j without an authorization of OAuth', (url, expected) => {
    expect(requestInterface({ url }, PERSONAL).query_string).toBe(expected);
    const referer = `https://shop.example.com${url}`;
    expect(requestInterface({ headers: { referer } }, PERSONAL).headers).toEqual({
      referer: `${referer.split('?')[0]}?${expected}`,
    });
  });

  it('never leaks the value of a credential’s name, whatever surrounds it', () => {
    const name = fc.constantFrom('password', 'X-Api-Key', 'session', 'csrf', 'access_token', 'jwt', 'AUTH');
    fc.assert(
      fc.property(name, fc.webQueryParameters(), fc.boolean(), (key, others, sendDefaultPii) => {
        const request = requestInterface(
          {
            url: `/a?${others}&${key}=s3cret&x=1`,
            headers: { [key]: 's3cret', cookie: `a=1; ${key}=s3cret`, referer: `http://h/?${key}=s3cret` },
          },
          { sendDefaultPii, maxBodyLength: 100 },
        );
        expect(JSON.stringify(request)).not.toContain('s3cret');
      }),
    );
  });
});

describe('a request by HTTP/2', () => {
  const headers = {
    ':method': 'GET',
    ':path': '/a?token=s3cret',
    ':scheme': 'https',
    ':authority': 'shop.example.com',
    accept: 'text/html',
  };

  it('has the host of its authority, and no headers that are none', () => {
    const request = requestInterface({ url: '/a?token=s3cret', protocol: 'https', headers }, PRIVATE);
    expect(request).toMatchObject({ url: 'https://shop.example.com/a', headers: { accept: 'text/html' } });
    expect(Object.keys(request.headers ?? {})).toEqual(['accept']);
  });

  it('has the host of its header where there is one', () => {
    expect(requestInterface({ headers, host: 'h.example.com' }, PRIVATE).url).toBe('http://h.example.com/');
  });
});

describe('the user', () => {
  class ObjectId {
    toString(): string {
      return '65a1';
    }
  }

  it.each([
    ['id', { id: 7, email: 'a@example.com' }, '7'],
    ['userId', { userId: 'u1' }, 'u1'],
    ['_id', { _id: new ObjectId() }, '65a1'],
    ['sub', { sub: 'auth0|1' }, 'auth0|1'],
    ['a BigInt', { id: 12345678901234567890n }, '12345678901234567890'],
    ['the first that is not empty', { id: '', uid: 'u' }, 'u'],
  ])('is told by %s alone without personal data', (_what, value, id) => {
    expect(userFrom(value, false, '203.0.113.7')).toEqual({ id });
  });

  it('has names and address with personal data', () => {
    const value = { id: 1, username: 'anna', email: 'a@example.com', name: 'Anna', password: 'x', age: 3 };
    expect(userFrom(value, true, '203.0.113.7')).toEqual({
      id: '1',
      username: 'anna',
      email: 'a@example.com',
      name: 'Anna',
      ip_address: '203.0.113.7',
    });
  });

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['text', () => 'anna'],
    ['empty', () => ({})],
    ['an id without text', () => ({ id: {} })],
    ['an id without prototype', () => ({ id: Object.create(null) as unknown })],
    [
      'an id that throws',
      () => ({
        id: {
          toString: () => {
            throw new Error('no');
          },
        },
      }),
    ],
    [
      'a getter that throws',
      () =>
        Object.defineProperty({}, 'id', {
          get: () => {
            throw new Error('no');
          },
        }),
    ],
  ])('is nobody where the request’s user is %s', (_what, value) => {
    expect(userFrom(value(), false)).toBeUndefined();
  });
});
