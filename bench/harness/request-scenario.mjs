import { startApp } from './app.mjs';
import { spread } from './statistics.mjs';

const FLUSH_MS = 10_000;
/** What cannot be delivered is not waited for as long. */
const HOPELESS_FLUSH_MS = 1000;
/** Ids in URLs, by which messages of errors differ. */
const IDS = Array.from({ length: 10 }, (_, n) => 1000 + n * 37);

/**
 * A scenario of requests: what each costs the app's process in CPU, until everything is delivered.
 *
 * @param scenario - `name`, `title`; `route` below `/orders/:id`, and the `status` of its answers;
 *   `expects`: `each` where every request must have its event at the receiver, `none`, or `any` number;
 *   `server`: what the receiver does while it is measured; `everyEvent` (app.mjs); `perSecond`: at an even rate, and
 *   not as fast as 20 connections can; `isTimed`: for a time, not for a number; `figures` (figures.mjs);
 *   `rounds`, `slices`, `isFor` (measure-units.mjs, plan.mjs)
 */
export function requestScenario(scenario) {
  return {
    ...scenario,
    start: async (surroundings, target, size) => {
      const receiver = await surroundings.startReceiver();
      try {
        const app = await startApp(target, { dsn: receiver.dsn, everyEvent: scenario.everyEvent });
        const session = new RequestSession(scenario, { surroundings, receiver, app, target, size });
        await session.warmUp();
        return session;
      } catch (error) {
        await receiver.kill();
        throw error;
      }
    },
  };
}

/** One app and its receiver, asked slice by slice. */
class RequestSession {
  #slices = [];

  constructor(scenario, { surroundings, receiver, app, target, size }) {
    Object.assign(this, { scenario, surroundings, receiver, app, size });
    this.isReported = scenario.expects === 'each' && target.subject.reports;
    this.isDelivered = this.isReported && (scenario.server ?? 'ok') === 'ok';
  }

  async warmUp() {
    const { server = 'ok' } = this.scenario;
    try {
      const { count } = await this.#send('requests', { amount: this.size.warmUp });
      await this.#drain(this.isReported ? count : 0, FLUSH_MS);
      await this.receiver.ask('mode', server);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** @param share - of all requests */
  async slice(share) {
    const { app, receiver, scenario, size } = this;
    await receiver.ask('zero');
    const before = await app.ask('cpuUs');
    const answered = await this.#load(scenario, size, share);
    if (this.isReported && !this.isDelivered) await this.#drain(0, HOPELESS_FLUSH_MS);
    else await this.#drain(this.isDelivered ? answered.count : 0, FLUSH_MS);
    const cpuUs = (await app.ask('cpuUs')) - before;
    const { items } = await receiver.ask('counts');
    this.#slices.push({ ...answered, cpuUs, events: items.event ?? 0 });
  }

  async finish() {
    const sum = (key) => this.#slices.reduce((total, slice) => total + slice[key], 0);
    const median = (key) => spread(this.#slices.map((slice) => slice[key])).median;
    const requests = sum('count');
    const events = sum('events');
    const { rssBytes, peakBytes } = await this.app.ask('memory');
    const stats = await this.app.ask('stats');
    return {
      requests,
      cpuUs: sum('cpuUs') / requests,
      perSecond: requests / sum('seconds'),
      p50Ms: median('p50Ms'),
      p99Ms: median('p99Ms'),
      rssMb: rssBytes / 2 ** 20,
      peakMb: peakBytes / 2 ** 20,
      events,
      ...(this.isDelivered && { lost: lostOf(requests, events, this.scenario.isTimed) }),
      ...(this.isReported && 'captured' in stats && { unaccounted: unaccountedIn(stats) }),
      stats,
    };
  }

  kill() {
    return Promise.all([this.app.kill(), this.receiver.kill()]);
  }

  /** Waits for events, asks for what is left of them, and waits once more. */
  async #drain(expected, flushMs) {
    const areHere = await this.receiver.arrived(expected);
    await this.app.ask('flush', flushMs);
    if (!areHere) await this.receiver.arrived(expected);
  }

  #load({ isTimed, perSecond }, size, share) {
    if (isTimed) return this.#send('requests', { seconds: size.errorSeconds });
    if (perSecond) return this.#send('paced', { amount: size.paced, perSecond });
    return this.#send('requests', { amount: Math.round(size.requests * share) });
  }

  async #send(command, options) {
    const { route, status } = this.scenario;
    const result = await this.surroundings.load.ask(command, {
      url: this.app.url,
      paths: IDS.map((id) => `/orders/${id}${route}`),
      connections: this.size.connections,
      ...options,
    });
    const count = result.statuses[status] ?? 0;
    const hasOthers = Object.keys(result.statuses).some((other) => other !== String(status));
    if (hasOthers || result.failed > 0 || count < (options.amount ?? 1)) {
      throw new Error(`was to answer ${status}, and did ${JSON.stringify(result)}`);
    }
    return { ...result, count };
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
