/** Breadcrumbs that a request leaves; the client keeps 100. */
export const curve = {
  name: 'breadcrumbs',
  title: 'Breadcrumbs per request',
  x: { label: 'breadcrumbs per request', values: [0, 10, 25, 50, 100] },
  y: { label: 'CPU per request', unit: 'µs' },
  series: [{ name: 'throwing route', fails: true }, { name: 'ok route' }],
  point: (crumbs) => ({ task: { crumbs }, requests: 400 }),
};
