import { Module } from '@nestjs/common';
import { BooksResolver } from './books.resolver';
import { BooksService } from './books.service';
import { StockResolver } from './stock.resolver';

@Module({ providers: [BooksService, BooksResolver, StockResolver] })
export class BooksModule {}
