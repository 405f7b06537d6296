import { Field, Int, ObjectType } from '@nestjs/graphql';

/** What was sold, and for how much in cents. */
@ObjectType()
export class Sale {
  @Field(() => Int)
  copies!: number;

  @Field(() => Int)
  cents!: number;
}
