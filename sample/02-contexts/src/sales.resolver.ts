import { Int, Query, Resolver, Subscription } from '@nestjs/graphql';
import { Tag } from 'nestjs-raven';

// #region subscription
/** A GraphQL subscription over graphql-ws: `subscription { sold }`. */
@Tag('context', 'subscription')
@Resolver()
export class SalesResolver {
  @Query(() => Int)
  sales(): number {
    return 17;
  }

  @Subscription(() => Int, {
    resolve: (count: number) => {
      if (count > 1) throw new Error('sold more than there is');
      return count;
    },
  })
  async *sold(): AsyncGenerator<number> {
    for (const count of [1, 2]) yield await Promise.resolve(count);
  }
}
// #endregion subscription
