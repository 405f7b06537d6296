import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SanitizePasswordsProcessor } from '../../lib/processors/sanitize-passwords.processor';
import type { RavenEvent } from '../../lib/protocol/event';

const processor = new SanitizePasswordsProcessor();

function processed(event: object): Record<string, unknown> {
  const copy = structuredClone(event) as RavenEvent;
  processor.process(copy);
  return copy;
}

/** Names of credentials, in the ways they are written. */
const secretName = fc.constantFrom(
  'password',
  'PassWord',
  'user_password',
  'passwd',
  'pwd',
  'secret',
  'client_secret',
  'authorization',
  'api_key',
  'X-Api-Key',
  'apikey',
  'SENTRY_DSN',
  'access_token',
  'refreshToken',
  'bearer',
  'session_id',
  'csrf-token',
  'private_key',
  'DB_PASS',
  'smtpPass',
  'otp',
  'pin',
  'cvv',
  'auth',
);

function signs(text: string): string[] {
  return text.split('');
}

/** A secret no random text holds, with all that texts and encodings may be mistaken about. */
const secret = fc
  .array(fc.constantFrom(...signs('abcXYZ019"\'\\/{}[]<>()=&;:,.@%+ ~#?!$é\n\t'), '💥'), { maxLength: 12 })
  .map((some) => `q7Zk${some.join('')}W9vX`);

/** A secret that may stand in a text without quotation marks. */
const bareSecret = fc
  .array(fc.constantFrom(...signs('abcXYZ019/+=.-_~!$*@:#?é')), { maxLength: 12 })
  .map((some) => `q7Zk${some.join('')}W9vX`);

const harmless = fc.constantFrom<unknown>(1, true, null, 'text', ['a', 'b'], { page: 2 });
const harmlessText = fc.constantFrom(
  '',
  'a ',
  'order 42: ',
  'GET /x -> ',
  '{',
  '"',
  "it's ",
  '[info] ',
  '\n',
);

type Wrap = (data: unknown) => unknown;

/** What data may be wrapped in: mappings, lists, JSON, once or oftener. */
const wrapped: fc.Arbitrary<Wrap> = fc
  .array(
    fc.constantFrom<Wrap>(
      (data) => ({ nested: data }),
      (data) => [data],
      (data) => ({ before: 1, list: [0, { deeper: data }] }),
      (data) => JSON.stringify(data),
      (data) => JSON.stringify(data, null, 2),
      (data) => ({ body: JSON.stringify(JSON.stringify(data)) }),
      (data) => `data=${encodeURIComponent(JSON.stringify(data))}`,
    ),
    { maxLength: 6 },
  )
  .map((wraps) => (data) => wraps.reduce((inner, wrap) => wrap(inner), data));

/** Where in an event an app's data may stand. */
const places: Record<string, (data: unknown) => object> = {
  extra: (data) => ({ extra: { data } }),
  tags: (data) => ({ tags: { data } }),
  user: (data) => ({ user: { id: '1', data } }),
  contexts: (data) => ({ contexts: { order: { data } } }),
  'the trace': (data) => ({ contexts: { trace: { trace_id: 'a'.repeat(32), data } } }),
  'a breadcrumb’s data': (data) => ({ breadcrumbs: { values: [{ message: 'm', data }] } }),
  'a breadcrumb’s message': (data) => ({ breadcrumbs: { values: [{ message: data }] } }),
  'a frame’s variables': (data) => ({
    exception: { values: [{ type: 'E', stacktrace: { frames: [{ vars: { data } }] } }] },
  }),
  'a thread’s variables': (data) => ({
    threads: { values: [{ id: 0, stacktrace: { frames: [{ vars: { data } }] } }] },
  }),
  'the stack’s variables': (data) => ({ stacktrace: { frames: [{ vars: { data } }] } }),
  'a mechanism’s data': (data) => ({ exception: { values: [{ mechanism: { type: 'x', data } }] } }),
  'a cause’s value': (data) => ({ exception: { values: [{ value: data }, { value: 'outer' }] } }),
  'an exception as a flat list': (data) => ({ exception: [{ value: data }] }),
  'an exception alone': (data) => ({ exception: { value: data } }),
  'the message': (data) => ({ message: data }),
  'the log entry': (data) => ({ logentry: { message: data, params: [data], formatted: data } }),
  'the request’s body': (data) => ({ request: { data } }),
  'the request’s query': (data) => ({ request: { query_string: data } }),
  'the request’s environment': (data) => ({ request: { env: { data } } }),
  'a header': (data) => ({ request: { headers: { 'X-Data': data } } }),
  'headers in a list': (data) => ({ request: { headers: [['X-Data', data]] } }),
  'the transaction': (data) => ({ transaction: data }),
  'the fingerprint': (data) => ({ fingerprint: [data] }),
  'a key of the app’s own': (data) => ({ custom: data }),
};

function expectNoTrace(event: unknown, planted: string): void {
  const text = JSON.stringify(event);
  // The marks around a secret are letters only, so no encoding hides them.
  expect(text).not.toContain('q7Zk');
  expect(text).not.toContain('W9vX');
  expect(planted).toContain('q7Zk');
}

describe.each(Object.entries(places))('no secret survives in %s', (_place, put) => {
  it('under a key, at any depth, in JSON however often encoded', () => {
    fc.assert(
      fc.property(secretName, secret, wrapped, harmless, (name, value, wrap, beside) => {
        expectNoTrace(processed(put(wrap({ beside, [name]: value, after: 1 }))), value);
      }),
    );
  });

  it.each([1, 3, 4, 5, 6, 9])('under a key, percent-encoded %i times', (times) => {
    let data: unknown = { beside: 1, auth: 'q7ZkW9vX' };
    for (let time = 0; time < times; time++) data = `data=${encodeURIComponent(JSON.stringify(data))}`;
    expectNoTrace(processed(put(data)), 'q7ZkW9vX');
  });

  it('under a key whose value is a list or a mapping', () => {
    fc.assert(
      fc.property(secretName, secret, fc.boolean(), (name, value, isList) => {
        expectNoTrace(processed(put({ [name]: isList ? [value] : { value, [value]: 1 } })), value);
      }),
    );
  });

  it('in text, assigned to its name', () => {
    const assigned = fc.constantFrom(
      (name: string, value: string) => `${name}=${value}`,
      (name: string, value: string) => `${name}: ${value}`,
      (name: string, value: string) => `${name} => ${value}`,
      (name: string, value: string) => `${name} := ${value} `,
      (name: string, value: string) => `http://h/p?a=1&${name}=${value}`,
      (name: string, value: string) => `http://h/p?${name}=${value}&b=2`,
      (name: string, value: string) => `user[${name}]=${value}`,
      (name: string, value: string) => `--${name} ${value} --verbose`,
      (name: string, value: string) => `--${name}=${value}`,
      (name: string, value: string) => `<${name}>${value}</${name}>`,
    );
    fc.assert(
      fc.property(harmlessText, assigned, secretName, bareSecret, (before, assign, name, value) => {
        expectNoTrace(processed(put(before + assign(name, value))), value);
      }),
    );
  });

  it('in text, in quotation marks, escaped or not', () => {
    const quoted = fc.constantFrom(
      (name: string, value: string) => `failed: ${JSON.stringify({ [name]: value, b: 1 })} at 3`,
      (name: string, value: string) =>
        `failed: ${JSON.stringify(JSON.stringify({ a: 1, [name]: value }))} at 3`,
      (name: string, value: string) =>
        `x ${JSON.stringify(JSON.stringify(JSON.stringify({ [name]: value })))}`,
      (name: string, value: string) => `${JSON.stringify({ a: { [name]: [{ deep: value }] } })}, cut: {"a`,
      (name: string, value: string) => JSON.stringify({ [name]: value, list: [1, 2, 3] }).slice(0, -6),
      (name: string, value: string) => `obj["${name}"] = ${JSON.stringify(value)};`,
    );
    fc.assert(
      fc.property(quoted, secretName, secret, (quote, name, value) => {
        expectNoTrace(processed(put(quote(name, value))), value);
      }),
    );
  });

  it('in the credentials of a URL', () => {
    const password = fc
      .array(fc.constantFrom(...signs('abc019:!$*-_.~%@')), { maxLength: 8 })
      .map((some) => `q7Zk${some.join('')}W9vX`);
    fc.assert(
      fc.property(
        harmlessText,
        fc.constantFrom('https', 'postgres', 'redis'),
        password,
        (before, scheme, value) => {
          expectNoTrace(processed(put(`${before}${scheme}://user:${value}@host:5432/db`)), value);
          expectNoTrace(processed(put(`${before}${scheme}://:${value}@host/0?a=b`)), value);
        },
      ),
    );
  });
});

describe('no secret survives', () => {
  it('in the URL, the query or a form of a request, encoded or not', () => {
    fc.assert(
      fc.property(secretName, secret, fc.webQueryParameters(), (name, value, others) => {
        const query = `${others}&${encodeURIComponent(name)}=${encodeURIComponent(value)}&x=1`;
        const nested = `filter=${encodeURIComponent(JSON.stringify({ [name]: value }))}&x=1`;
        for (const text of [query, nested]) {
          const request = {
            url: `http://h/p?${text}`,
            query_string: text,
            data: text,
            headers: { Referer: text },
          };
          expectNoTrace(processed({ request }), value);
        }
      }),
    );
  });

  it('in cookies, as text, as mapping, as header', () => {
    fc.assert(
      fc.property(secretName, bareSecret, (name, value) => {
        const text = `theme=dark; ${name}=${value}; a=b=c`;
        const request = {
          cookies: text,
          headers: { Cookie: text, 'Set-Cookie': `${name}=${value}; Path=/` },
        };
        const after = processed({ request, extra: { cookies: { [name]: value } } });
        expectNoTrace(after, value);
        expect((after.request as { cookies: string }).cookies).toContain('theme=dark; ');
      }),
    );
  });

  it.each<[string, unknown]>([
    ['a pair', ['password', 'q7Zk']],
    [
      'pairs',
      [
        ['a', 'b'],
        ['X-Api-Key', 'q7Zk'],
      ],
    ],
    ['a member by name and value', [{ name: 'Authorization', value: 'q7Zk' }]],
    ['a member by key and value', { key: 'api_key', value: 'q7Zk' }],
    ['what class-validator finds', [{ property: 'password', value: 'q7Zk', constraints: {} }]],
    ['what express-validator finds', { type: 'field', path: 'user.password', value: 'q7Zk' }],
    ['what it found before', { param: 'password', value: 'q7Zk', msg: 'too short' }],
    ['what zod finds', { code: 'custom', path: ['user', 'password', 0], received: 'q7Zk', input: 'q7Zk' }],
    ['what Joi finds', { message: 'm', context: { label: 'password', value: 'q7Zk' } }],
    ['what Mongoose finds', { name: 'CastError', path: 'pin', stringValue: '"q7Zk"', value: 'q7Zk' }],
    ['a member by field and value', { field: 'apiKey', value: { deep: ['q7Zk'] } }],
    ['a member by parameter', { value: 'q7Zk', parameter: 'token' }],
    [
      'a member in upper case',
      [
        { Name: 'X-Auth-Key', Value: 'q7Zk' },
        { KEY: 'token', VALUE: 'q7Zk' },
      ],
    ],
    ['a member whose name holds a value of its own', { name: 'password=q7Zk', value: 'q7Zk' }],
    ['raw headers', { rawHeaders: ['Host', 'h', 'Cookie', 'q7Zk', 'X-Api-Key', 'q7Zk'] }],
    ['the arguments of a process', { 'process.argv': ['node', 'main.js', '--db-password', 'q7Zk', '-v'] }],
    ['an argument with its value', ['node', '--password=q7Zk']],
    ['a key that a form parser made of a JSON body', { '{"a":1,"password":"q7Zk"}': '' }],
    ['a key that is a query', { 'a=1&password=q7Zk': '' }],
    ['a name that stands twice in JSON', '{"password":"q7Zk","password":null}'],
    ['a cut JSON', '{"a":1,"password":"q7Zk'],
    ['JSON after a mark of byte order', '\ufeff{"password":"q7Zk"}'],
    ['a bearer token', 'sent Bearer q7Zk.abc-def to h'],
    ['basic credentials', 'sent Basic q7Zk0123456789== to h'],
    ['a header in a line', 'GET /\r\nAuthorization: Digest username="q7Zk", response="q7Zk"\r\nHost: h'],
    ['a cookie in a line', 'Cookie: a="b"; connect.sid=q7Zk; c=d'],
    ['a command of curl', `curl -H "Authorization: Basic q7Zk" http://h`],
    ['a JSON web token', 'user eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJxN1prIn0.q7Zk-q7Zk came'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nq7Zk\n-----END RSA PRIVATE KEY-----'],
    ['a private key that was cut', 'key: -----BEGIN PRIVATE KEY-----\nq7Zk'],
    ['what util.inspect writes', "{ a: 1, password: 'q7Zk', list: [ { token: 'q7Zk' } ] }"],
    ['a mapping behind a name', "token: { value: 'a}q7Zk' } b"],
    ['a DSN', 'https://q7Zk@o1.ingest.example.com/1'],
    ['a password no URL may hold', 'postgres://user:q7/q7Zk@host/db'],
    ['a name of two words', 'api key: q7Zk'],
    ['a block of GraphQL', 'login(password:"""\n a "q7Zk" q7Zk""", id: 1)'],
    ['a block in JSON', `failed: ${JSON.stringify({ query: '{ login(password: """a "q7Zk""") }' })}`],
    ['a block that was cut', 'login(password: """a "b" q7Zk'],
    ['an element with attributes', '<password type="text" encoding="utf8">q7Zk</password>'],
    ['an element and its attribute', '<ns:password\n  token="q7Zk">q7Zk</ns:password>'],
    ['a section of characters', '<password><![CDATA[a<q7Zk]]></password>'],
    ['sections between other characters', '<password>\n <![CDATA[a<q7Zk]]>b<![CDATA[q7Zk]]></password>'],
    ['a section that was cut', '<password><![CDATA[a<q7Zk'],
    ['a URL whose name is encoded', 'GET http://h/a?b=1&%70assword=q7Zk failed'],
    ['a name that is encoded, in brackets', 'GET /a?user%5B%70%61ssword%5D=q7Zk failed'],
    ['a short name that is encoded', 'GET /a?%70in=q7Zk'],
    ['a list of headers', { headers: ['host', 'h', 'cookie', 'q7Zk', 'x-api-key', 'q7Zk'] }],
    ['a member by header and value', [{ header: 'Authorization', value: 'q7Zk' }]],
    [
      'a member by other words for a value',
      [
        { key: 'token', val: 'q7Zk' },
        { name: 'pin', values: ['q7Zk'] },
      ],
    ],
    ['a meta element', { name: 'csrf-token', content: 'q7Zk' }],
    ['pairs behind words', `failed with ${JSON.stringify([['password', 'q7Zk']])}`],
    ['members behind words', `failed: ${JSON.stringify({ headers: [{ name: 'cookie', value: 'q7Zk' }] })}`],
    ['a name in brackets and quotation marks', 'form {"user[password]":"q7Zk"} refused'],
    ['an entry of a list', 'a=1&secrets[]=q7Zk&tokens[0]=q7Zk'],
    ['what Joi says', '"DB_PASSWORD" with value "q7Zk w" fails to match the required pattern: /a/'],
    ['what PostgreSQL says', 'Key (password)=(q7Zk) already exists.'],
    ['what PostgreSQL says of several columns', 'Key (user_id, lower(token::text))=(1, q7Zk (a) b) exists.'],
    ['attributes of an element', '<add key="password" value="q7Zk"/>'],
    ['attributes with one between', '<input name="csrf_token" type="hidden" value="q7Zk">'],
    ['the content of an element', '<meta name="csrf-token" content="q7Zk">'],
    ['an object as util.inspect writes it', "[ { name: 'password', kind: 'text', value: 'q7Zk' } ]"],
    ['a form of parts', '--X\r\nContent-Disposition: form-data; name="password"\r\n\r\nq7Zk\r\n--X--'],
    [
      'a form of parts with a head, in JSON',
      `sent ${JSON.stringify('--X\r\nContent-Disposition: form-data; name="pin"\r\nA: b\r\n\r\nq7Zk\r\n--X--')} ok`,
    ],
    ['a form of parts that was cut', 'Content-Disposition: form-data; name="password"\n\nq7Zk'],
    ['a block of YAML', 'db:\n  password: |-\n    a\n    q7Zk\n  user: a'],
    ['a folded block of YAML', 'token: >\n  a b\n  q7Zk'],
    ['a statement that sets a password', "ALTER USER shop WITH PASSWORD 'a''b q7Zk'"],
    ['a statement that makes a user', "CREATE USER 'a'@'%' IDENTIFIED BY 'q7Zk'"],
    ['a statement with a plugin', "CREATE USER a IDENTIFIED WITH mysql_native_password BY 'q7Zk'"],
    ['a command of mysqldump', 'Command failed: mysqldump -u root -pq7Zk shop'],
    ['credentials of curl', 'Command failed: curl -s -u shop:q7Zk --cookie "sid=q7Zk" http://h'],
    ['the user of curl', 'curl --user shop:q7Zk http://h'],
    ['a command of redis-cli', 'redis-cli -h h -a q7Zk ping'],
    ['a command of sshpass', 'sshpass -p q7Zk ssh h'],
    ['a command of docker', 'docker login -u a -p q7Zk h'],
    ['coloured text', '\u001b[35mpassword\u001b[39m: \u001b[32m"q7Zk"\u001b[39m'],
    ['a URL that was cut', `https://anna:q7Zk${'x'.repeat(200)}`],
    ['a number of a card behind its name', 'cardNumber=q7Zk&securityCode=q7Zk&verification_code=q7Zk'],
    ['short names of passwords', 'pw=q7Zk pswd: q7Zk userPw=q7Zk psw=q7Zk'],
    ['keys', 'ssh_key=q7Zk DEPLOY_KEY=q7Zk APP_KEY=q7Zk licenseKey: q7Zk AES_KEY=q7Zk STRIPE_KEY=q7Zk'],
    ['a code of two factors in text', 'POST /verify twoFactorCode=q7Zk&sig=q7Zk&SAMLResponse=q7Zk'],
  ])('in %s', (_what, data) => {
    for (const put of [places.extra, places['the request’s body'], places['a breadcrumb’s data']]) {
      expect(JSON.stringify(processed(put(data)))).not.toContain('q7Zk');
    }
  });

  it.each([
    ['sk_live_', '51H8x'],
    ['rk_test_', '51H8x'],
    ['whsec_', ''],
    ['ghp_', ''],
    ['gho_', ''],
    ['github_pat_', '11AAAA_'],
    ['glpat-', ''],
    ['xoxb-', '123456789012-'],
    ['xapp-', '1-A0-'],
    ['npm_', ''],
    ['sk-', 'proj-A1'],
    ['sk-', 'ant-api03-A1'],
    ['AIza', 'SyD'],
    ['ya29.', 'a0'],
    ['shpat_', ''],
    ['https://hooks.slack.com/services/', 'T000/B000/'],
    ['https://discord.com/api/webhooks/1234567890/', ''],
    ['https://api.telegram.org/bot', '110201543:AAH'],
  ])('that begins as a token does: %s', (beginning, more) => {
    const token = `${beginning}${more}q7Zk56789012345678901234567W9vX`;
    for (const text of [token, `call to ${token} failed`, `key=${token}`, `a="${token}",b`]) {
      expectNoTrace(processed({ extra: { text }, message: text }), token);
    }
    expect(processed({ message: `call to ${token} failed` })).toEqual({
      message: `call to ${beginning}******** failed`,
    });
  });

  it('that is a token of SendGrid, or a private key in base64', () => {
    const tokens = ['SG.q7Zk5678901234567.q7Zk901234567890123', 'LS0tLS1CRUdJTiBQUklWQVRFq7ZkW9vX'];
    for (const token of tokens) expectNoTrace(processed({ message: `with ${token} it failed` }), token);
  });

  it.each([
    '4111111111111111',
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '3782 822463 10005',
    '1234567890123',
  ])('that is the number of a card: %s', (number) => {
    expect(processed({ extra: { number, json: JSON.stringify([number]) }, tags: { number } })).toEqual({
      extra: { number: '********', json: '["********"]' },
      tags: { number: '********' },
    });
  });

  it('that is the number of a card, as a number', () => {
    const number = 4111111111111111;
    expect(
      processed({ extra: { number, json: JSON.stringify([number, 1]) }, user: { n: [5555555555554444] } }),
    ).toEqual({
      extra: { number: '********', json: '["********",1]' },
      user: { n: ['********'] },
    });
  });

  it.each([
    'authKey',
    'auth_key',
    'X-Auth-Key',
    'Ocp-Apim-Subscription-Key',
    'encryptKey',
    'encryptionKey',
    'decryption_key',
    'masterKey',
    'hmacKey',
    'AccountKey',
    'remember_me',
    'rememberMe',
    'otp',
    'otpCode',
    'totp',
    'cvv',
    'cvvCode',
    'cvc_code',
    'twoFactorCode',
    'two-factor-code',
    'mfaCode',
    'mfa code',
    '2faCode',
    'SAMLResponse',
    'signature',
    'sig',
    'X-Amz-Signature',
    'x-hub-signature',
    'X-Hub-Signature-256',
    'urlSignature',
    'cardNumber',
    'securityCode',
    'pswd',
    'user_pw',
    'sshKey',
    'consumer_key',
  ])('under the key %s', (name) => {
    const request = {
      headers: { [name]: 'q7Zk' },
      query_string: `a=1&${name}=q7Zk`,
      data: { [name]: 'q7Zk' },
    };
    expectNoTrace(processed({ request, extra: { list: [{ [name]: 'q7Zk' }] } }), 'q7Zk');
  });

  it('in what tells of the program', () => {
    const url = 'git+https://anna:q7Zk@git.example.com/a.git#1';
    const event = {
      exception: { values: [{ type: 'Failed password=q7Zk', value: 'v' }] },
      server_name: 'postgres://anna:q7Zk@db',
      release: url,
      environment: 'token=q7Zk',
      dist: url,
      platform: url,
      transaction: 'GET /a?token=q7Zk',
      modules: { a: url, jsonwebtoken: '9.0.2' },
      sdk: { name: 'n', version: '1.2.3', packages: [{ name: 'npm:a', version: url }] },
      debug_meta: { images: [{ type: 'sourcemap', code_file: url }] },
    };
    expectNoTrace(processed(event), 'q7Zk');
  });

  it('under a key of the app’s own at the top, or a context’s name', () => {
    const event = { api_key: 'q7Zk', contexts: { credentials: { a: 'q7Zk' }, trace: { token: 'q7Zk' } } };
    expect(processed(event)).toEqual({
      api_key: '********',
      contexts: { credentials: { a: '********' }, trace: { token: '********' } },
    });
  });
});
