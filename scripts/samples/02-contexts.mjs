export default {
  portCount: 2,
  programs: ([port, tcpPort]) => [{ main: 'main.js', env: { PORT: port, TCP_PORT: tcpPort } }],
  steps: [
    {
      path: '/orders/1',
      status: 500,
      reports: [{ type: 'Error', transaction: 'GET /orders/:id' }],
      isShown: true,
    },
    {
      path: '/graphql',
      body: { query: 'query Price { price(sku: "A-17") }' },
      status: 200,
      reports: [{ type: 'Error', transaction: 'Query.price' }],
      isShown: true,
    },
    {
      path: '/jobs',
      method: 'POST',
      status: 202,
      reports: [{ type: 'Error', transaction: 'count stock' }],
      isShown: true,
    },
    {
      path: '/events',
      method: 'POST',
      status: 202,
      reports: [{ type: 'Error', transaction: 'StockListener.orderMore' }],
      isShown: true,
    },
    {
      path: '/cqrs',
      method: 'POST',
      status: 202,
      reports: [{ type: 'Error', transaction: 'StockSoldHandler.handle' }],
      isShown: true,
    },
    {
      path: '/ledger',
      method: 'POST',
      status: 202,
      // Once the app ends.
      reports: [{ type: 'Error', transaction: 'StockLedger.onApplicationShutdown' }],
      isShown: true,
    },
    {
      program: 'cli.js',
      args: ['recount'],
      reports: [{ type: 'Error', transaction: 'recount' }],
      isShown: true,
    },
  ],
};
