/** Routes of the app, ten a controller: what the app takes from its making to listening. */
export const curve = {
  name: 'routes',
  title: 'Boot, by routes',
  x: { label: 'routes', values: [10, 100, 300, 1000], isLog: true },
  y: { label: 'CPU of the boot', unit: 'µs', isLog: true },
  series: [
    { name: 'boot', isBoot: true },
    { name: 'boot, bare', isBare: true, isBoot: true },
  ],
  isAppByX: true,
  app: (routes) => ({ routes }),
};
