const SELL =
  'mutation Sell($bookId: Int!, $card: String!) { sell(bookId: $bookId, copies: 3, card: $card) { cents } }';

/** A request to the one URL that GraphQL has. */
const ask = (query, variables) => ({ path: '/graphql', body: { query, variables } });

export default {
  steps: [
    { ...ask('{ book(id: 1) { title author { name } } }'), status: 200 },
    { ...ask('{ book(id: 99) { title } }'), status: 200 },
    { ...ask('{ book(id: 1) { isbn } }'), status: 400 },
    {
      ...ask('query Bestseller { bestseller(year: 1999) { title } }'),
      status: 200,
      reports: [{ type: 'TypeError', transaction: 'Query.bestseller' }],
      isShown: true,
    },
    {
      ...ask('query Shelf { books { title author { name } } }'),
      status: 200,
      reports: [{ type: 'AuthorsUnavailable', transaction: 'Book.author' }],
      isShown: true,
    },
    { ...ask(SELL, { bookId: 1, card: '4012 8888 8888 1881' }), status: 200 },
    {
      ...ask(SELL, { bookId: 3, card: '4012 8888 8888 1881' }),
      status: 200,
      reports: [{ type: 'RangeError', transaction: 'Mutation.sell' }],
      isShown: true,
    },
    { program: 'watch-stock.js', reports: [{ type: 'Error', transaction: 'Stock.delivery' }], isShown: true },
  ],
};
