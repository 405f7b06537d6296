import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { RavenModule } from 'nestjs-raven';
import { AuthorsModule } from './authors/authors.module';
import { AuthorsService } from './authors/authors.service';
import { BooksModule } from './books/books.module';

// #region module
@Module({
  imports: [
    RavenModule.forRoot({
      dsn: process.env.SENTRY_DSN ?? 'http://public@localhost:8969/1',
      environment: 'sample',
      release: 'bookshop@2.1.0',
      // Variables of operations are wanted in this sample; what is secret in them is masked all the same.
      sendDefaultPii: true,
    }),
    GraphQLModule.forRootAsync<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      imports: [AuthorsModule],
      inject: [AuthorsService],
      useFactory: (authors: AuthorsService) => {
        // For each request, and for each client that connects by a socket.
        const context = () => ({ authorLoader: authors.createLoader() });
        return { autoSchemaFile: true, context, subscription: { fullWsTransport: true, context } };
      },
    }),
    BooksModule,
  ],
})
export class AppModule {}
// #endregion module
