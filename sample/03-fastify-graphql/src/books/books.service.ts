import { Injectable, NotFoundException } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import type { Book } from './book';
import type { Sale } from './sale';
import type { Stock } from './stock';

/** Stands for a database. */
@Injectable()
export class BooksService {
  private readonly books: Book[] = [
    { id: 1, title: 'Jerusalem', authorId: 1, cents: 1900, soldIn: { 2024: 12, 2025: 9 } },
    { id: 2, title: 'The Summer Book', authorId: 2, cents: 1500, soldIn: { 2025: 31 } },
    { id: 3, title: 'Doctor Glas', authorId: 3, soldIn: {} },
  ];
  private readonly left = new Map([
    [1, 2],
    [2, 40],
    [3, 5],
  ]);

  findAll(): Book[] {
    return this.books;
  }

  find(id: number): Book {
    const book = this.books.find((candidate) => candidate.id === id);
    if (!book) throw new NotFoundException(`there is no book ${id}`);
    return book;
  }

  /** Fails for a year in which nothing was sold: nobody thought of that. */
  findBestseller(year: number): Book {
    const [bestseller] = this.books
      .filter(({ soldIn }) => year in soldIn)
      .sort((one, other) => other.soldIn[year] - one.soldIn[year]);
    return this.find(bestseller.id);
  }

  findStock(bookId: number): Stock {
    return { bookId, left: this.left.get(bookId) ?? 0 };
  }

  sell(bookId: number, copies: number): Sale {
    const { cents } = this.find(bookId);
    const { left } = this.findStock(bookId);
    if (copies > left) {
      throw new GraphQLError(`only ${left} are left`, { extensions: { code: 'OUT_OF_STOCK' } });
    }
    if (cents === undefined) throw new RangeError(`book ${bookId} has no price`);
    this.left.set(bookId, left - copies);
    return { copies, cents: copies * cents };
  }
}
