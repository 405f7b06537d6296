import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../support/free-port';
import { thrownBy, toldOf } from './support/told-of';

describe('an error of PostgreSQL', () => {
  let database: PGlite;
  let server: PGLiteSocketServer;
  let client: Client;

  beforeAll(async () => {
    database = await PGlite.create();
    const port = await freePort();
    server = new PGLiteSocketServer({ db: database, port, host: '127.0.0.1' });
    await server.start();
    client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
    await client.connect();
    await client.query(
      'CREATE TABLE users (id int PRIMARY KEY, email text UNIQUE NOT NULL, age int CHECK (age > 0))',
    );
    await client.query("INSERT INTO users VALUES (1, 'jane@example.com', 20)");
  }, 60_000);

  afterAll(async () => {
    await client.end();
    await server.stop();
    await database.close();
  });

  const failed = (sql: string, values?: unknown[]): Promise<unknown> =>
    thrownBy(() => client.query(sql, values));

  it('about a key that is taken tells which, without its value', async () => {
    const error = await failed('INSERT INTO users VALUES ($1, $2, $3)', [2, 'jane@example.com', 7]);
    const { contexts, text } = toldOf(error);
    expect(contexts.DatabaseError).toMatchObject({
      code: '23505',
      severity: 'ERROR',
      schema: 'public',
      table: 'users',
      constraint: 'users_email_key',
      detail: 'Key (email)=(?) already exists.',
    });
    expect(text).not.toContain('jane');
  });

  it('about a row that breaks a rule does not tell the row', async () => {
    const { contexts, text } = toldOf(
      await failed("INSERT INTO users VALUES (3, 'joe@example.com', -98765)"),
    );
    expect(contexts.DatabaseError).toMatchObject({
      code: '23514',
      constraint: 'users_age_check',
      detail: 'Failing row contains (?).',
    });
    expect(text).not.toMatch(/joe|98765/);
  });

  it.each([
    ["SELECT * FROM users WHERE id = 'jane@example.com'", 'invalid input syntax for type integer: ?'],
    ["SELECT '98765987659876'::int", 'value ? is out of range for type integer'],
    ["SELECT 'jane'::date", 'invalid input syntax for type date: ?'],
  ])('%s: the message has no value', async (sql, message) => {
    const { exceptions, text } = toldOf(await failed(sql));
    expect(exceptions[0]).toContain(message);
    expect(text).not.toMatch(/jane|98765/);
  });

  it('keeps the names in its message, and its hint', async () => {
    const { contexts, exceptions } = toldOf(await failed('SELECT emai FROM users'));
    expect(exceptions[0]).toContain('column "emai" does not exist');
    expect(contexts.DatabaseError).toMatchObject({
      code: '42703',
      hint: 'Perhaps you meant to reference the column "users.email".',
      position: '8',
    });
  });

  it('of a driver that keeps the query tells it without values', async () => {
    const error = await thrownBy(() =>
      database.query("SELECT * FROM nowhere WHERE email = 'jane@example.com' AND id = $1", [98765]),
    );
    const { contexts, text } = toldOf(error);
    expect(contexts.DatabaseError).toMatchObject({
      code: '42P01',
      query: 'SELECT * FROM nowhere WHERE email = ? AND id = $1',
    });
    expect(text).not.toMatch(/jane|98765/);
  });
});

// What mysql2's driver gives its errors, by its source: no server is needed to know that.
it('an error of MySQL tells query and state without values', () => {
  const sqlMessage = "Duplicate entry 'jane@example.com' for key 'users.email'";
  const error = Object.assign(new Error(sqlMessage), {
    code: 'ER_DUP_ENTRY',
    errno: 1062,
    sqlState: '23000',
    sqlMessage,
    sql: "INSERT INTO `users` (`email`) VALUES ('jane@example.com')",
  });
  const { contexts, exceptions, text } = toldOf(error);
  expect(contexts.DatabaseError).toEqual({
    code: 'ER_DUP_ENTRY',
    errno: 1062,
    sqlState: '23000',
    query: 'INSERT INTO `users` (`email`) VALUES (?)',
  });
  expect(exceptions).toEqual(["Error: Duplicate entry ? for key 'users.email'"]);
  expect(text).not.toContain('jane');
});
