import { describe, expect, it } from 'vitest';
import { toldOf } from './support/told-of';

// Errors of the shapes that Prisma 5 to 7 have by source and documentation: it cannot be installed beside the other
// packages of these tests.
function prismaError(name: string, message: string, fields: object): Error {
  const error = Object.assign(new Error(message), { name, clientVersion: '6.2.1', ...fields });
  Object.defineProperty(error, 'batchRequestIdx', { enumerable: false, value: undefined });
  return error;
}

const INVOCATION = '\nInvalid `prisma.user.create()` invocation in\n/app/users.ts:7:21\n\n';

describe('an error of Prisma', () => {
  it('that is known tells code, call, model and fields', () => {
    const error = prismaError(
      'PrismaClientKnownRequestError',
      `${INVOCATION}Unique constraint failed on the fields: (\`email\`)`,
      { code: 'P2002', meta: { modelName: 'User', target: ['email'], value: 'jane@example.com' } },
    );
    const { contexts, exceptions, text } = toldOf(error);
    expect(contexts.PrismaClientKnownRequestError).toEqual({
      code: 'P2002',
      call: 'prisma.user.create()',
      modelName: 'User',
      target: ['email'],
      clientVersion: '6.2.1',
    });
    expect(exceptions[0]).toContain('Unique constraint failed on the fields: (`email`)');
    expect(text).not.toContain('jane');
  });

  it("of Prisma 7 tells what the database's adapter says", () => {
    const error = prismaError('PrismaClientKnownRequestError', `${INVOCATION}Unique constraint failed`, {
      code: 'P2002',
      meta: {
        modelName: 'User',
        driverAdapterError: {
          name: 'DriverAdapterError',
          cause: {
            originalCode: '23505',
            originalMessage: 'Key (email)=(jane@example.com) already exists.',
            kind: 'UniqueConstraintViolation',
            constraint: { fields: ['email'] },
          },
        },
      },
    });
    const { contexts, text } = toldOf(error);
    expect(contexts.PrismaClientKnownRequestError).toMatchObject({
      kind: 'UniqueConstraintViolation',
      originalCode: '23505',
      fields: ['email'],
    });
    expect(text).not.toContain('jane');
  });

  it('of a raw query does not tell the value that the database complains of', () => {
    const error = prismaError(
      'PrismaClientKnownRequestError',
      'Invalid `prisma.$executeRaw()` invocation:\n\n\nRaw query failed. Code: `23505`. Message: `Key (email)=(jane@example.com) already exists.`',
      { code: 'P2010', meta: { code: '23505', message: 'Key (email)=(jane@example.com) already exists.' } },
    );
    const { contexts, text } = toldOf(error);
    expect(contexts.PrismaClientKnownRequestError).toMatchObject({
      code: 'P2010',
      call: 'prisma.$executeRaw()',
      databaseCode: '23505',
    });
    expect(text).not.toContain('jane');
  });

  it.each([
    ['Argument `email` is missing.', ': Argument `email` is missing.'],
    [
      'Invalid value for argument `role`. Expected Role.',
      ': Invalid value for argument `role`. Expected Role.',
    ],
    ['Could not convert argument value "jane" to Role.', ': Could not convert argument value ? to Role.'],
    [
      'Unknown arg `posts`. Available args:\ntype UserCreateInput {\n  jane: String\n}',
      ': Unknown arg `posts`. Available args:',
    ],
    ['', ''],
  ])('about arguments tells what is wrong, and none of them: %j', (reason, told) => {
    const call =
      '  7 await prisma.user.create({\n      data: {\n        name: "jane",\n        password: "s3cret"\n      }\n    })';
    const error = prismaError(
      'PrismaClientValidationError',
      `${INVOCATION}${call}${reason === '' ? '' : `\n\n${reason}`}`,
      {},
    );
    const { contexts, exceptions, text } = toldOf(error);
    expect(contexts.PrismaClientValidationError).toEqual({
      call: 'prisma.user.create()',
      clientVersion: '6.2.1',
    });
    expect(exceptions).toEqual([
      `PrismaClientValidationError: Invalid \`prisma.user.create()\` invocation${told}`,
    ]);
    expect(text).not.toMatch(/jane|s3cret/);
  });

  it('about its start tells its code', () => {
    const error = prismaError('PrismaClientInitializationError', "Can't reach database server at `db:5432`", {
      errorCode: 'P1001',
    });
    const { contexts, exceptions } = toldOf(error);
    expect(contexts.PrismaClientInitializationError).toEqual({ code: 'P1001', clientVersion: '6.2.1' });
    expect(exceptions[0]).toContain("Can't reach database server");
  });
});
