import { startSample } from './samples.mjs';

/** Starts the orders sample on a port. @returns its `url` and `stop()` */
export function startOrdersSample(port, dsn) {
  return startSample('01-orders', port, dsn);
}

/**
 * What the demo asks the sample for. `reports` is the error that must arrive, by type and route; none where the
 * app handles what happens.
 */
export const REQUESTS = [
  { path: '/orders/1', customer: 'ada', status: 200 },
  { path: '/orders/99', customer: 'ada', status: 404 },
  { path: '/orders/one', customer: 'ada', status: 400 },
  { path: '/orders/1', status: 401 },
  {
    path: '/orders/1',
    customer: 'mallory',
    status: 500,
    reports: { type: 'Error', transaction: 'GET /orders/:id' },
  },
  {
    path: '/orders/2/label',
    customer: 'grace',
    status: 500,
    reports: { type: 'TypeError', transaction: 'GET /orders/:id/label' },
  },
  {
    path: '/orders/1/archived',
    customer: 'ada',
    status: 500,
    reports: { type: 'DatabaseError', transaction: 'GET /orders/:id/archived' },
  },
  {
    path: '/orders/order-3/total?currency=SEK&token=t0ken',
    customer: 'linus',
    status: 500,
    reports: { type: 'TypeError', transaction: 'GET /orders/:id/total' },
  },
  {
    path: '/orders/1/payment',
    customer: 'ada',
    body: { card: '4012 8888 8888 1880', password: 'hunter2' },
    status: 402,
    reports: { type: 'CardDeclined', transaction: 'POST /orders/:id/payment' },
  },
  {
    path: '/orders/3/payment',
    customer: 'linus',
    body: { card: '4012 8888 8888 1881', password: 'hunter2' },
    status: 500,
    reports: { type: 'RangeError', transaction: 'POST /orders/:id/payment' },
  },
];

/** Sends one of the requests. @returns the answer's status and the id of the event, where it has one */
export async function sendRequest(url, { path, customer, body }) {
  const response = await fetch(`${url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(customer && { 'x-customer': customer }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return { status: response.status, eventId: response.headers.get('x-sentry-id') };
}
