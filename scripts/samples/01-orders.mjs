/** Ten requests; three of them are shown to who starts it. */
export default {
  steps: [
    { path: '/orders/1', headers: { 'X-Customer': 'ada' }, status: 200 },
    { path: '/orders/99', headers: { 'X-Customer': 'ada' }, status: 404 },
    { path: '/orders/one', headers: { 'X-Customer': 'ada' }, status: 400 },
    { path: '/orders/1', status: 401 },
    {
      path: '/orders/1',
      headers: { 'X-Customer': 'mallory' },
      status: 500,
      reports: [{ type: 'Error', transaction: 'GET /orders/:id' }],
    },
    {
      path: '/orders/2/label',
      headers: { 'X-Customer': 'grace' },
      status: 500,
      reports: [{ type: 'TypeError', transaction: 'GET /orders/:id/label' }],
      isShown: true,
    },
    {
      path: '/orders/1/archived',
      headers: { 'X-Customer': 'ada' },
      status: 500,
      reports: [{ type: 'DatabaseError', transaction: 'GET /orders/:id/archived' }],
      isShown: true,
    },
    {
      path: '/orders/order-3/total?currency=SEK&token=t0ken',
      headers: { 'X-Customer': 'linus' },
      status: 500,
      reports: [{ type: 'TypeError', transaction: 'GET /orders/:id/total' }],
    },
    {
      path: '/orders/1/payment',
      headers: { 'X-Customer': 'ada' },
      body: { card: '4012 8888 8888 1880', password: 'hunter2' },
      status: 402,
      reports: [{ type: 'CardDeclined', transaction: 'POST /orders/:id/payment' }],
    },
    {
      path: '/orders/3/payment',
      headers: { 'X-Customer': 'linus' },
      body: { card: '4012 8888 8888 1881', password: 'hunter2' },
      status: 500,
      reports: [{ type: 'RangeError', transaction: 'POST /orders/:id/payment' }],
      isShown: true,
    },
  ],
};
