import { Field, Int, ObjectType } from '@nestjs/graphql';

/** How many copies of a book there are. */
@ObjectType()
export class Stock {
  @Field(() => Int)
  bookId!: number;

  @Field(() => Int)
  left!: number;
}
