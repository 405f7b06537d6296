import { Args, Context, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type DataLoader from 'dataloader';
import type { PubSub } from 'mercurius';
import { Tag } from 'nestjs-raven';
import { Author } from '../authors/author';
import { Book } from './book';
import { BooksService } from './books.service';
import { Sale } from './sale';

// #region resolver
@Tag('area', 'books')
@Resolver(() => Book)
export class BooksResolver {
  constructor(private readonly books: BooksService) {}

  @Query(() => [Book], { name: 'books' })
  findAll(): Book[] {
    return this.books.findAll();
  }

  @Query(() => Book, { name: 'book' })
  find(@Args('id', { type: () => Int }) id: number): Book {
    return this.books.find(id);
  }

  @Query(() => Book)
  bestseller(@Args('year', { type: () => Int }) @Tag('year') year: number): Book {
    return this.books.findBestseller(year);
  }

  // #region field
  @ResolveField(() => Author, { nullable: true })
  author(
    @Parent() book: Book,
    @Context('authorLoader') authors: DataLoader<number, Author>,
  ): Promise<Author> {
    return authors.load(book.authorId);
  }
  // #endregion field

  // #region mutation
  @Mutation(() => Sale)
  sell(
    @Args('bookId', { type: () => Int }) @Tag('book.id') bookId: number,
    @Args('copies', { type: () => Int }) copies: number,
    // Nobody is charged here; it shows that a card is masked among the variables.
    @Args('card') _card: string,
    @Context('pubsub') pubSub: PubSub,
  ): Sale {
    const sale = this.books.sell(bookId, copies);
    pubSub.publish({
      topic: `stock of ${bookId}`,
      payload: { stock: this.books.findStock(bookId) },
    });
    return sale;
  }
  // #endregion mutation
}
// #endregion resolver
