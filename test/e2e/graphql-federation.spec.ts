import type { INestApplication } from '@nestjs/common';
import { NotFoundException } from '@nestjs/common';
import {
  Directive,
  Field,
  ID,
  ObjectType,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule, Tag } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { testOptions } from '../support/test-app';
import { operate, STACKS, startGraphqlApp, type GraphqlApp } from './graphql-app';

@ObjectType()
@Directive('@key(fields: "id")')
class Product {
  @Field(() => ID)
  id!: string;
  @Field(() => String, { nullable: true })
  price?: string;
}

@Resolver(() => Product)
class ProductsResolver {
  @Query(() => Product, { nullable: true })
  product(): Product {
    return { id: '1' };
  }
  @Tag('handler', 'reference')
  @ResolveReference()
  async byReference({ id }: { id: string }): Promise<Product> {
    await Promise.resolve();
    if (id === 'missing') throw new NotFoundException();
    if (id === 'broken') throw new Error('reference');
    return { id };
  }
  @Tag('handler', 'price')
  @ResolveField(() => String, { nullable: true })
  price(): string {
    throw new Error('price');
  }
}

const ENTITIES = `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Product { id price } }
}`;

function representations(...ids: string[]): { variables: object } {
  return { variables: { representations: ids.map((id) => ({ __typename: 'Product', id })) } };
}

describe.each(STACKS)('a federated subgraph on %s', (stack) => {
  let receiver: Receiver;
  let app: INestApplication | undefined;
  let bare: INestApplication | undefined;
  beforeEach(async () => {
    receiver = await startReceiver();
    const parts: GraphqlApp = { stack, providers: [ProductsResolver], isFederated: true };
    bare = await startGraphqlApp(parts);
    app = await startGraphqlApp({ ...parts, raven: [RavenModule.forRoot(testOptions(receiver))] });
  });
  afterEach(async () => {
    await app?.close();
    await bare?.close();
    await receiver.close();
  });

  it.each([
    [
      'a reference that cannot be resolved',
      ['broken'],
      [['reference', 'Product.__resolveReference', 'reference']],
    ],
    ['a reference to nothing', ['missing'], []],
    ['a field of an entity', ['1'], [['price', 'Product.price', 'price']]],
  ])('%s: reported once, or not at all, and answered as without the module', async (_name, ids, reported) => {
    const expected = await operate(bare!, ENTITIES, representations(...ids));
    const answer = await operate(app!, ENTITIES, representations(...ids));
    await app!.get(RavenClient).flush(5000);
    expect(answer).toEqual(expected);
    const seen = receiver.events.map((event) => [errorOf(event), event.transaction, event.tags.handler]);
    expect(seen).toEqual(reported);
  });
});
