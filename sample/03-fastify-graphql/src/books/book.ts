import { Field, Int, ObjectType } from '@nestjs/graphql';

/** A book of the shop; the price in cents. */
@ObjectType()
export class Book {
  @Field(() => Int)
  id!: number;

  @Field()
  title!: string;

  /** The resolver answers with the author. */
  authorId!: number;

  /** None: it is not for sale yet. */
  @Field(() => Int, { nullable: true })
  cents?: number;

  /** Copies by year; not for customers. */
  soldIn!: Record<number, number>;
}
