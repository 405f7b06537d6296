import { RavenClient, RavenModule } from 'nestjs-raven';
import { options } from './options.mjs';

/** Where every event must arrive, the guard must not hold back what a benchmark repeats. */
const stormGuard = process.env.BENCH_EVERY_EVENT ? { stormGuard: false } : {};

export const modules = (dsn) => [RavenModule.forRoot({ dsn, ...options, ...stormGuard })];
export const providers = () => [];
export const configure = () => undefined;
export const describe = (app) => {
  const raven = app.get(RavenClient);
  return () => {
    raven.tagsContext({ tenant: 'acme', area: 'orders', plan: 'pro', region: 'eu', flow: 'checkout' });
    raven.captureBreadcrumb({ category: 'orders', message: 'look for the order', data: { order: 17 } });
    raven.captureBreadcrumb({ category: 'orders', message: 'found the order', data: { order: 17 } });
    raven.captureBreadcrumb({ category: 'orders', message: 'look for its customer', data: { order: 17 } });
    raven.userContext({ id: '17' });
  };
};
export const flush = async (app, timeoutMs) => {
  await app.get(RavenClient).flush(timeoutMs);
};
export const stats = (app) => app.get(RavenClient).stats();
