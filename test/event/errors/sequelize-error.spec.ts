import { describe, expect, it } from 'vitest';
import { toldOf } from './support/told-of';

// Errors of the shapes that Sequelize 6 has by its source (src/errors); it is none of the packages of these tests.
function sequelizeError(name: string, message: string, fields: object): Error {
  return Object.assign(new Error(message), { name: `Sequelize${name}`, ...fields });
}

class DatabaseError extends Error {}

describe('an error of Sequelize', () => {
  const original = Object.assign(new DatabaseError('invalid input syntax for type integer: "jane"'), {
    severity: 'ERROR',
    code: '22P02',
    sql: "SELECT * FROM users WHERE id = 'jane'",
    parameters: ['jane'],
  });

  it('about a query tells it without values', () => {
    const { contexts, exceptions, text } = toldOf(
      sequelizeError('DatabaseError', original.message, {
        parent: original,
        original,
        sql: original.sql,
        parameters: ['jane'],
      }),
    );
    expect(contexts.SequelizeDatabaseError).toEqual({
      driver: 'DatabaseError',
      code: '22P02',
      severity: 'ERROR',
      query: 'SELECT * FROM users WHERE id = ?',
    });
    expect(exceptions).toEqual(['SequelizeDatabaseError: invalid input syntax for type integer: ?']);
    expect(text).not.toContain('jane');
  });

  it('about a record tells fields and rules', () => {
    const { contexts, text } = toldOf(
      sequelizeError('UniqueConstraintError', 'Validation error', {
        fields: { email: 'jane@example.com' },
        errors: [
          {
            message: 'email must be unique',
            type: 'unique violation',
            path: 'email',
            value: 'jane@example.com',
            validatorKey: 'not_unique',
          },
        ],
      }),
    );
    expect(contexts.SequelizeUniqueConstraintError).toEqual({ fields: ['email (not_unique)'] });
    expect(text).not.toContain('jane');
  });

  it.each([
    ['a mapping from values', { email: 'jane' }],
    ['a list', ['email']],
  ])('tells the names of fields of %s', (_, fields) => {
    const { contexts, text } = toldOf(
      sequelizeError('ForeignKeyConstraintError', 'no', { fields, table: 'orders', value: 'jane' }),
    );
    expect(contexts.SequelizeForeignKeyConstraintError).toEqual({ table: 'orders', fields: ['email'] });
    expect(text).not.toContain('jane');
  });
});
