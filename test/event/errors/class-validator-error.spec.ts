import 'reflect-metadata';
import { BadRequestException, ValidationPipe } from '@nestjs/common';
import { plainToInstance, Type } from 'class-transformer';
import {
  IsEmail,
  Min,
  MinLength,
  validate,
  validateOrReject,
  ValidateNested,
  type ValidationError,
} from 'class-validator';
import { describe, expect, it } from 'vitest';
import { thrownBy, toldOf } from './support/told-of';

class Item {
  @Min(1)
  price!: number;
}

class Order {
  @IsEmail()
  email!: string;

  @MinLength(12)
  password!: string;

  @ValidateNested({ each: true })
  @Type(() => Item)
  items!: Item[];
}

const GIVEN = { email: 'jane', password: 's3cret', items: [{ price: 5 }, { price: -98765 }] };
const FIELDS = ['email (isEmail)', 'password (minLength)', 'items[1].price (min)'];

const errors = (): Promise<ValidationError[]> => validate(plainToInstance(Order, GIVEN));

describe('what class-validator says', () => {
  it('is readable where it was thrown as it is, and holds no value', async () => {
    const thrown = await thrownBy(() => validateOrReject(plainToInstance(Order, GIVEN)));
    const { contexts, exceptions, text } = toldOf(thrown);
    expect(contexts.ValidationError).toEqual({ fields: FIELDS });
    expect(exceptions).toEqual([`Array: validation failed: ${FIELDS.join(', ')}`]);
    expect(text).not.toMatch(/jane|s3cret|98765/);
  });

  it('is readable where one of it was thrown', async () => {
    const [error] = await errors();
    const { contexts, exceptions, text } = toldOf(error);
    expect(contexts.ValidationError).toEqual({ fields: ['email (isEmail)'] });
    expect(exceptions).toEqual(['ValidationError: validation failed: email (isEmail)']);
    expect(text).not.toMatch(/jane/);
  });

  it('is told as a cause', async () => {
    const { contexts, text } = toldOf(new Error('no order', { cause: await errors() }));
    expect(contexts.ValidationError).toEqual({ fields: FIELDS });
    expect(text).not.toMatch(/jane|s3cret|98765/);
  });

  it.each([
    ['the message', (list: ValidationError[]) => new BadRequestException({ message: list })],
    ['the response', (list: ValidationError[]) => new BadRequestException(list)],
    ['the errors', (list: ValidationError[]) => new BadRequestException({ message: 'no', errors: list })],
  ])("is told as %s of Nest's exception", async (_, exception) => {
    const { contexts, text } = toldOf(exception(await errors()));
    expect(contexts.BadRequestException).toEqual({ status: 400, fields: FIELDS });
    expect(text).not.toMatch(/jane|s3cret|98765/);
  });

  it("is told of Nest's ValidationPipe by its messages", async () => {
    const pipe = new ValidationPipe({ transform: true });
    const thrown = await thrownBy(() => pipe.transform(GIVEN, { type: 'body', metatype: Order }));
    const { contexts } = toldOf(thrown);
    expect(contexts.BadRequestException).toMatchObject({
      status: 400,
      response: { message: expect.arrayContaining(['email must be an email']) as unknown },
    });
  });

  it('is not seen in an Error that has properties of the same names', () => {
    const error = Object.assign(new Error('the config is wrong'), { property: 'port', children: [] });
    const { contexts, exceptions } = toldOf(error);
    expect(exceptions).toEqual(['Error: the config is wrong']);
    expect(contexts.Error).toEqual({ property: 'port' });
  });
});
