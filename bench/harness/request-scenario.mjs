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
 *   `server`: what the receiver does while it is measured; `everyEvent` (app.mjs); `perSecond`: at an even rate, and
 *   not as fast as 20 connections can; `isTimed`: for a time, not for a number; `figures` (figures.mjs);
 *   `rounds`; `isFor`: subjects it is about
 */
export function requestScenario(scenario) {
  return { ...scenario, measure: (...given) => measureRequests(scenario, ...given) };
}

async function measureRequests(scenario, surroundings, target, size) {
  const { route, status, expects, server = 'ok', everyEvent = false, perSecond, isTimed = false } = scenario;
  const { receiver, load, dsn } = surroundings;
  await receiver.ask('mode', 'ok');
  await receiver.ask('reset');
  const app = await startApp(target, { dsn, everyEvent });
  const send = async (command, options) => {
    const paths = IDS.map((id) => `/orders/${id}${route}`);
    const result = await load.ask(command, {
      url: app.url,
      paths,
      connections: size.connections,
      ...options,
    });
    const count = result.statuses[status] ?? 0;
    const others = Object.keys(result.statuses).length - (count > 0 ? 1 : 0);
    if (others > 0 || result.failed > 0 || count < (options.amount ?? 1)) {
      throw new Error(`was to answer ${status}, and did ${JSON.stringify(result)}`);
    }
    return { ...result, count };
  };
  const isDelivered = expects === 'each' && target.subject.reports;
  const arrive = (count) => surroundings.arrived(isDelivered ? count : 0);
  try {
    const warmedUp = await send('requests', { amount: size.warmUp });
    await arrive(warmedUp.count);
    await app.ask('flush', FLUSH_MS);
    await receiver.ask('zero');
    await receiver.ask('mode', server);
    const before = await app.ask('cpuUs');
    const answered = isTimed
      ? await send('requests', { seconds: size.errorSeconds })
      : perSecond === undefined
        ? await send('requests', { amount: size.requests })
        : await send('paced', { amount: size.paced, perSecond });
    if (server === 'ok') await arrive(answered.count);
    await app.ask('flush', server === 'ok' ? FLUSH_MS : HOPELESS_FLUSH_MS);
    const cpuUs = (await app.ask('cpuUs')) - before;
    const { items } = await receiver.ask('counts');
    const { rssBytes, peakBytes } = await app.ask('memory');
    const events = items.event ?? 0;
    const stats = await app.ask('stats');
    return {
      requests: answered.count,
      cpuUs: cpuUs / answered.count,
      perSecond: answered.count / answered.seconds,
      p50Ms: answered.p50Ms,
      p99Ms: answered.p99Ms,
      rssMb: rssBytes / 2 ** 20,
      peakMb: peakBytes / 2 ** 20,
      events,
      ...(isDelivered && server === 'ok' && { lost: lostOf(answered.count, events, isTimed) }),
      ...(isDelivered && 'captured' in stats && { unaccounted: unaccountedIn(stats) }),
      stats,
    };
  } finally {
    await app.kill();
  }
}

/** A load that stops at some time leaves requests behind that nobody waits for, whose events come all the same. */
function lostOf(requests, events, isTimed) {
  return isTimed ? Math.max(0, requests - events) : requests - events;
}

/** What this package itself cannot tell the end of. */
function unaccountedIn({ captured, sent, pending, spooled, dropped }) {
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  return captured - sent - pending - spooled - lost;
}
