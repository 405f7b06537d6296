import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const URL = `ws://localhost:${process.env.PORT ?? 3000}/graphql`;
const STOCK = 'subscription Stock($bookId: Int!) { stock(bookId: $bookId) { left delivery } }';
const SELL = 'mutation Sell { sell(bookId: 1, copies: 2, card: "4012 8888 8888 1881") { cents } }';

interface Stocked {
  stock: { left: number; delivery: string | null };
}

/** A client: watches the stock of a book, buys all that is left, and ends with the event that fails. */
export async function watchStock(): Promise<void> {
  const client = createClient({ url: URL, webSocketImpl: WebSocket });
  for await (const { data, errors } of client.iterate<Stocked>({ query: STOCK, variables: { bookId: 1 } })) {
    console.log(JSON.stringify({ data, errors: errors?.map(({ message }) => message) }));
    if (errors) break;
    for await (const answer of client.iterate({ query: SELL })) console.log(JSON.stringify(answer));
  }
  await client.dispose();
}

if (require.main === module) void watchStock();
