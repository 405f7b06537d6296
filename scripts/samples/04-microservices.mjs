const order = (card, lines = [{ sku: 'A-17', cents: 2500 }]) => ({ path: '/orders', body: { lines, card } });

export default {
  portCount: 3,
  programs: ([port, ordersPort, paymentsPort]) => [
    { main: 'payments/main.js', env: { PAYMENTS_PORT: paymentsPort } },
    { main: 'orders/main.js', env: { ORDERS_PORT: ordersPort, PAYMENTS_PORT: paymentsPort } },
    { main: 'gateway/main.js', env: { PORT: port, ORDERS_PORT: ordersPort } },
  ],
  steps: [
    { ...order('4012 8888 8888 1885'), status: 201 },
    { ...order('4012 8888 8888 1885', []), status: 422 },
    { ...order('4012 8888 8888 1880'), status: 422, isShown: true },
    {
      ...order('4012 8888 8888 1881'),
      status: 502,
      reports: [
        { type: 'BankUnavailable', transaction: 'payments.charge' },
        { type: 'PaymentFailed', transaction: 'orders.place' },
        { type: 'BadGatewayException', transaction: 'POST /orders' },
      ],
      isShown: true,
    },
  ],
};
