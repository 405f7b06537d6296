/** Requests in flight at any time. */
export const curve = {
  name: 'concurrency',
  title: 'Concurrent requests',
  x: { label: 'requests at a time', values: [10, 100, 300, 1000], isLog: true },
  y: { label: 'CPU per request', unit: 'µs' },
  series: [
    { name: 'throwing route', fails: true },
    { name: 'throwing route, bare', isBare: true, fails: true },
    { name: 'ok route' },
    { name: 'ok route, bare', isBare: true },
  ],
  point: (connections) => ({ connections, requests: 1000 }),
};
