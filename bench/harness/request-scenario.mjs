import { startApp } from './app.mjs';

const FLUSH_MS = 10_000;
/** What cannot be delivered is not waited for as long. */
const HOPELESS_FLUSH_MS = 1000;
/** Ids in URLs, by which messages of errors differ. */
const IDS = Array.from({ length: 10 }, (_, n) => 1000 + n * 37);

/**
 * A scenario of a fixed number of requests: what each costs the app's process in CPU, until everything is delivered.
 *
 * @param scenario - `name`, `title`; `route` below `/orders/:id`, and the `status` of its answers;
 *   `expects`: `each` where every request must have its event at the receiver, `none`, or `any` number;
 *   `server`: what the receiver does while it is measured; `everyEvent` (app.mjs); `figures` (figures.mjs)
 */
export function requestScenario(scenario) {
  const { route, status, expects, server = 'ok', everyEvent = false } = scenario;
  const paths = IDS.map((id) => `/orders/${id}${route}`);
  return { ...scenario, measure };

  async function measure(surroundings, target, { requests, warmUp, connections }) {
    const { receiver, load, dsn } = surroundings;
    await receiver.ask('reset');
    await receiver.ask('mode', 'ok');
    const app = await startApp(target, { dsn, everyEvent });
    try {
      const send = async (amount) => {
        const result = await load.ask('requests', { url: app.url, paths, amount, connections });
        if (result.statuses[status] !== amount || result.failed > 0) {
          throw new Error(
            `${target.subject.name} answered ${JSON.stringify(result)}; expected ${amount} × ${status}`,
          );
        }
        return result;
      };
      const isDelivered = server === 'ok' && expects === 'each' && target.subject.reports;
      const deliver = async (amount) => {
        const counts = await surroundings.arrived(isDelivered ? amount : 0);
        await app.ask('flush', server === 'ok' ? FLUSH_MS : HOPELESS_FLUSH_MS);
        return counts;
      };
      await send(warmUp);
      await surroundings.arrived(isDelivered ? warmUp : 0);
      await app.ask('flush', FLUSH_MS);
      await receiver.ask('zero');
      await receiver.ask('mode', server);
      const before = await app.ask('cpuUs');
      const answered = await send(requests);
      await deliver(requests);
      const cpuUs = (await app.ask('cpuUs')) - before;
      const { items } = await receiver.ask('counts');
      const { rssBytes, peakBytes } = await app.ask('memory');
      const stats = await app.ask('stats');
      return {
        cpuUs: cpuUs / requests,
        perSecond: requests / answered.seconds,
        p99Ms: answered.p99Ms,
        rssMb: rssBytes / 2 ** 20,
        peakMb: peakBytes / 2 ** 20,
        events: items.event ?? 0,
        ...(isDelivered && { lost: requests - (items.event ?? 0) }),
        stats,
      };
    } finally {
      await app.kill();
    }
  }
}
