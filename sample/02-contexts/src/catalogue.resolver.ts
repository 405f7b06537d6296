import { Args, Query, Resolver } from '@nestjs/graphql';
import { Tag } from 'nestjs-raven';

// #region resolver
/** GraphQL: `{ price(sku: "A-17") }`. */
@Tag('context', 'graphql')
@Resolver()
export class CatalogueResolver {
  @Query(() => Number)
  price(@Args('sku') sku: string): number {
    throw new Error(`no price of ${sku}`);
  }
}
// #endregion resolver
