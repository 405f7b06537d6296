import { describe, expect, it } from 'vitest';
import { toldOf } from './support/told-of';

// Errors of the shapes that TypeORM 0.3 has by its source (src/error): it cannot be installed beside the other packages
// of these tests.
class TypeORMError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

class QueryFailedError extends TypeORMError {
  constructor(
    readonly query: string,
    readonly parameters: unknown[] | undefined,
    readonly driverError: Error,
  ) {
    super(String(driverError).replace(/^(?:error|Error): /, ''));
    const { name: _name, ...others } = driverError as Error & Record<string, unknown>;
    Object.assign(this, others);
  }
}

class EntityNotFoundError extends TypeORMError {
  constructor(
    readonly entityClass: unknown,
    readonly criteria: unknown,
  ) {
    super();
    const name = typeof entityClass === 'function' ? entityClass.name : String(entityClass);
    this.message = `Could not find any entity of type "${name}" matching: ${JSON.stringify(criteria, null, 4)}`;
  }
}

class DatabaseError extends Error {}

describe('an error of TypeORM', () => {
  it('about a query tells it without values, and what the database says', () => {
    const driverError = Object.assign(new DatabaseError('invalid input value for enum role: "r0le"'), {
      length: 90,
      severity: 'ERROR',
      code: '22P02',
      detail: 'Key (email)=(jane@example.com) already exists.',
      table: 'user',
      constraint: 'UQ_email',
      routine: 'enum_in',
      where: "unnamed portal parameter $1 = 'r0le'",
    });
    const error = new QueryFailedError(
      `INSERT INTO "user"("email", "role", "note") VALUES ($1, $2, 'a note') -- for jane@example.com`,
      ['jane@example.com', 'r0le'],
      driverError,
    );
    const { contexts, exceptions, text } = toldOf(error);
    expect(contexts.QueryFailedError).toEqual({
      driver: 'DatabaseError',
      code: '22P02',
      severity: 'ERROR',
      table: 'user',
      constraint: 'UQ_email',
      routine: 'enum_in',
      detail: 'Key (email)=(?) already exists.',
      query: 'INSERT INTO "user"("email", "role", "note") VALUES ($1, $2, ?)',
      parameters: 2,
    });
    expect(exceptions).toEqual(['QueryFailedError: invalid input value for enum role: ?']);
    expect(text).not.toMatch(/jane|r0le|a note/);
  });

  it('about a query keeps its own message where personal data may be told, but not the values of the query', () => {
    const driverError = Object.assign(new Error("Duplicate entry 'jane' for key 'user.email'"), {
      errno: 1062,
    });
    const { contexts, exceptions } = toldOf(
      new QueryFailedError('UPDATE `user` SET `email` = "jane", `token` = ?', ['t0ken'], driverError),
      { sendDefaultPii: true },
    );
    expect(exceptions[0]).toContain("'jane'");
    expect(JSON.stringify(contexts)).not.toMatch(/jane|t0ken/);
  });

  it('about a query is bounded however long the query is', () => {
    const error = new QueryFailedError(`SELECT ${'"a", '.repeat(500_000)}`, [], new Error('too long'));
    expect(toldOf(error).contexts.QueryFailedError.query).toHaveLength(2048);
  });

  it.each([
    ['a class', class User {}, 'User'],
    ['a name', 'user', 'user'],
    ['a schema', { options: { name: 'User' } }, 'User'],
  ])(
    'about an entity that is not there tells it by %s, and the fields it was looked for by',
    (_, target, entity) => {
      const error = new EntityNotFoundError(target, {
        where: [{ email: 'jane@example.com' }, { id: 98765 }],
        relations: { orders: true },
      });
      const { contexts, exceptions, text } = toldOf(error);
      const criteria = ['where[].email', 'where[].id', 'relations.orders'];
      expect(contexts.EntityNotFoundError).toEqual({ entity, criteria });
      expect(exceptions).toEqual([
        `EntityNotFoundError: Could not find any entity of type "${entity}" matching: ${criteria.join(', ')}`,
      ]);
      expect(text).not.toMatch(/jane|98765/);
    },
  );
});
