/**
 * @context GraphQL (Apollo on Express and Fastify, Mercurius)
 * @sees queries, mutations, field resolvers, guards, pipes, interceptors, DataLoader batches, federated references
 * @handled GraphQLError, HttpException below 500, parse and validation errors, what a filter turns into one of these
 * @transaction the field: `Query.orders`, `Order.customer`
 * @once %s: reported once, or not at all, and answered as without the module
 * @unchanged %s: reported once, or not at all, and answered as without the module
 * @isolated 50 operations at a time never see each other
 * @undone closing takes everything away: metadata, the schema, the driver are as before
 * @within graphql.spec.ts graphql-federation.spec.ts
 */
import type { INestApplication } from '@nestjs/common';
import type { Enhancer } from '@nestjs/graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { testOptions } from '../support/test-app';
import { operate, STACKS, startGraphqlApp } from './graphql-app';
import { MatrixResolver, OPERATIONS, Stocks } from './graphql-matrix-app';

/** What of Nest's runs around field resolvers too: by default nothing. */
const ENHANCERS: Enhancer[][] = [[], ['guards', 'interceptors', 'filters']];

describe.each(STACKS)('GraphQL on %s', (stack) => {
  describe.each(ENHANCERS.map((enhancers) => ({ enhancers })))(
    'with fieldResolverEnhancers $enhancers',
    ({ enhancers }) => {
      let receiver: Receiver;
      let app: INestApplication;
      let bare: INestApplication;
      // Nest has one logger for all apps of a process.
      const lines: string[] = [];

      beforeAll(async () => {
        receiver = await startReceiver();
        const parts = {
          stack,
          providers: [MatrixResolver, Stocks],
          options: { fieldResolverEnhancers: enhancers },
        };
        bare = await startGraphqlApp({ ...parts, logLines: lines });
        const raven = [RavenModule.forRoot(testOptions(receiver))];
        app = await startGraphqlApp({ ...parts, raven, logLines: lines });
      });
      afterAll(async () => {
        await app?.close();
        await bare?.close();
        await receiver?.close();
      });

      it.each(Object.entries(OPERATIONS))(
        '%s: reported once, or not at all, and answered as without the module',
        async (_name, { query, variables, reported }) => {
          lines.length = 0;
          const expected = await operate(bare, query, { variables });
          const expectedLines = lines.splice(0);
          receiver.events.length = 0;
          const answer = await operate(app, query, { variables });
          expect(await app.get(RavenClient).flush(5000)).toBe(true);

          expect(answer).toEqual(expected);
          expect(lines).toEqual(expectedLines);
          const seen = receiver.events.map((event) => [errorOf(event), event.transaction]);
          expect(seen.sort()).toEqual([...reported].sort());
          for (const event of receiver.events) {
            expect(event.exception.values.at(-1)?.mechanism).toMatchObject({
              type: 'auto.graphql.nestjs',
              handled: false,
            });
          }
        },
      );

      it('a guard of a field resolver: asked only where the app wants that, and its error reported then', async () => {
        receiver.events.length = 0;
        await operate(app, '{ orders { priced } }');
        await app.get(RavenClient).flush(5000);
        const seen = receiver.events.map((event) => [errorOf(event), event.transaction]);
        const failed = ['guard', 'Order.priced'];
        expect(seen).toEqual(enhancers.length > 0 ? [failed, failed] : []);
      });
    },
  );
});
