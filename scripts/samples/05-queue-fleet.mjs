const SHELF = 'GET /orders/:id/shelf';

/** Two shops and the forwarder, whose numbers tell when everything is delivered. */
export default {
  needsRedis: true,
  portCount: 3,
  programs: ([port, otherPort, forwarderPort]) => [
    { main: 'forwarder/main.js', env: { PORT: forwarderPort } },
    { main: 'shop/main.js', env: { PORT: port, SENTRY_NAME: 'shop-1' } },
    { main: 'shop/main.js', env: { PORT: otherPort, SENTRY_NAME: 'shop-2' } },
  ],
  steps: [
    { path: '/orders/1/shelf', status: 200 },
    {
      path: '/orders/2/shelf',
      status: 500,
      reports: [{ type: 'TypeError', transaction: SHELF }],
      isShown: true,
    },
    {
      port: 1,
      path: '/orders/3/shelf',
      status: 500,
      reports: [{ type: 'TypeError', transaction: SHELF }],
      isShown: true,
    },
    { port: 2, path: '/queue', status: 200, until: ({ sent }) => sent === 2, isShown: true },
    { port: 2, path: '/queue/dead-letters', status: 200, isShown: true },
  ],
};
