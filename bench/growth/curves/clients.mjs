/** Clients of the app: several imports with a `name` each; one of them reports. */
export const curve = {
  name: 'clients',
  title: 'Clients of an app',
  x: { label: 'clients', values: [1, 2, 5, 10] },
  y: { label: 'CPU per request', unit: 'µs' },
  series: [{ name: 'throwing route', fails: true }, { name: 'ok route' }],
  isAppByX: true,
  app: (clients) => ({ clients }),
  point: () => ({ requests: 400 }),
};
