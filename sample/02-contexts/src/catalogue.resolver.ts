import { Args, Query, Resolver } from '@nestjs/graphql';
import { Tags } from 'nestjs-raven';

// #region resolver
/** GraphQL: `{ price(sku: "A-17") }`. */
@Tags({ context: 'graphql', team: 'catalogue' })
@Resolver()
export class CatalogueResolver {
  @Query(() => Number)
  price(@Args('sku') sku: string): number {
    throw new Error(`no price of ${sku}`);
  }
}
// #endregion resolver
