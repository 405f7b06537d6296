import { Args, Context, Int, Parent, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import type { PubSub } from 'mercurius';
import { Tag } from 'nestjs-raven';
import { BooksService } from './books.service';
import { Stock } from './stock';

// #region subscription
@Tag('area', 'stock')
@Resolver(() => Stock)
export class StockResolver {
  constructor(private readonly books: BooksService) {}

  /** The stock of a book as it is, and again whenever it changes. */
  @Subscription(() => Stock)
  async *stock(
    @Args('bookId', { type: () => Int }) bookId: number,
    @Context('pubsub') pubSub: PubSub,
  ): AsyncGenerator<{ stock: Stock }> {
    const changes = await pubSub.subscribe(`stock of ${bookId}`);
    yield { stock: this.books.findStock(bookId) };
    yield* changes;
  }

  /** When more copies come: asked for each event, and only a supplier knows. */
  @ResolveField(() => String, { nullable: true })
  delivery(@Parent() { bookId, left }: Stock): string | null {
    if (left > 0) return null;
    throw new Error(`the supplier of book ${bookId} does not answer`);
  }
}
// #endregion subscription
