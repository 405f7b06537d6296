import mongoose, { Schema } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { thrownBy, toldOf } from './support/told-of';

interface UserFields {
  age: number;
  name: string;
  password: string;
}

const User = mongoose.model(
  'User',
  new Schema<UserFields>({
    age: Number,
    name: { type: String, minlength: 5 },
    password: { type: String, required: [true, '{VALUE} is no password'] },
  }),
);

describe('an error of mongoose', () => {
  const invalid = (): Promise<unknown> =>
    thrownBy(() => new User({ age: 'eighty-seven', name: 'jane' }).validate());

  it('about a document tells fields and kinds, and no value', async () => {
    const { contexts, exceptions, text } = toldOf(await invalid());
    expect(contexts.ValidationError).toEqual({
      fields: expect.arrayContaining([
        'age (no Number)',
        'name (minlength)',
        'password (required)',
      ]) as unknown,
    });
    expect(exceptions[0]).toMatch(/^ValidationError: User validation failed: .*name \(minlength\)/);
    expect(text).not.toMatch(/eighty-seven|jane/);
  });

  it('keeps its own message where personal data may be told', async () => {
    const { exceptions } = toldOf(await invalid(), { sendDefaultPii: true });
    expect(exceptions[0]).toContain('eighty-seven');
  });

  it('about a value that fits no field tells the field', async () => {
    const { contexts, exceptions, text } = toldOf(
      await thrownBy(() => User.findOne({ age: 'eighty-seven' as never }).exec()),
    );
    expect(contexts.CastError).toEqual({ path: 'age', kind: 'Number', valueType: 'string', model: 'User' });
    expect(exceptions[0]).toBe(
      'CastError: Cast to Number failed (type string) at path "age" for model "User"',
    );
    expect(text).not.toContain('eighty-seven');
  });

  it('about a document that is not there tells what it was looked for by', () => {
    const error = new mongoose.Error.DocumentNotFoundError({ name: 'jane', age: { $gt: 98765 } } as never);
    const { contexts, exceptions, text } = toldOf(error);
    expect(contexts.DocumentNotFoundError).toMatchObject({ filter: ['name', 'age.$gt'] });
    expect(exceptions[0]).toContain('No document found for query by name, age.$gt');
    expect(text).not.toMatch(/jane|98765/);
  });

  it('about a version tells which one', () => {
    const error = new mongoose.Error.VersionError(new User({ _id: '65f0a1b2c3d4e5f6a7b8c9d0' }), 7, ['name']);
    expect(toldOf(error).contexts.VersionError).toEqual({ version: 7, modifiedPaths: ['name'] });
  });

  it('of the driver about a key that is taken tells index and fields', () => {
    const { MongoServerError } = mongoose.mongo;
    const { contexts, exceptions, text } = toldOf(
      new MongoServerError({
        message:
          'E11000 duplicate key error collection: shop.users index: email_1 dup key: { email: "jane@example.com" }',
        code: 11000,
        codeName: 'DuplicateKey',
        keyPattern: { email: 1 },
        keyValue: { email: 'jane@example.com' },
      }),
    );
    expect(contexts.MongoServerError).toEqual({
      code: 11000,
      codeName: 'DuplicateKey',
      collection: 'shop.users',
      index: 'email_1',
      keyPattern: ['email'],
    });
    expect(exceptions[0]).toBe(
      'MongoServerError: E11000 duplicate key error collection: shop.users index: email_1 dup key: { ? }',
    );
    expect(text).not.toContain('jane');
  });
});
