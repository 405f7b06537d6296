import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import { Tag } from 'nestjs-raven';
import type { Author } from './author';

/** The service that knows of authors did not answer. */
export class AuthorsUnavailable extends Error {
  override readonly name = 'AuthorsUnavailable';
}

const AUTHORS = new Map<number, Author>([
  [1, { id: 1, name: 'Selma Lagerlöf' }],
  [2, { id: 2, name: 'Tove Jansson' }],
]);

/** Stands for a service elsewhere; what begins with author 3 is on a machine that is down. */
@Injectable()
export class AuthorsService {
  // #region loader
  /** Collects the authors that are asked for, and asks for them together. */
  createLoader(): DataLoader<number, Author> {
    return new DataLoader((ids) => this.findMany(ids), { cache: false });
  }

  @Tag('service', 'authors')
  private async findMany(ids: readonly number[]): Promise<Author[]> {
    await Promise.resolve();
    return ids.map((id) => {
      const author = AUTHORS.get(id);
      if (!author) throw new AuthorsUnavailable(`no answer for authors ${ids.join(', ')}`);
      return author;
    });
  }
  // #endregion loader
}
