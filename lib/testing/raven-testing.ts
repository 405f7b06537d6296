import { Injectable } from '@nestjs/common';
import type { ClientEnvironment } from '../client/client-environment';
import { ClientMaker } from '../client/client-maker';
import { RavenClient } from '../client/raven.client';
import { forget, isThenable } from '../event/thenable';
import type { Envelope } from '../protocol/envelope';
import type { RavenEvent } from '../protocol/event';
import type { RavenOptions } from '../raven.options';
import { checkWanted } from './check-wanted';
import { differencesOf } from './differences';
import { dropCounts, type DropCounts } from './drop-counts';
import type { WantedReport } from './expected-report';
import { describeWanted, explainReports } from './explain-reports';
import { FakeClock } from './fake-clock';
import type { RecordedReport } from './recorded-report';
import { ReportLog } from './report-log';
import { testingOptions } from './testing-options';

/** Below the five seconds that test runners wait: what was reported instead is told by the one who knows. */
const WAIT_MS = 4000;

/**
 * What the clients of one app would have sent: after all processors and `beforeSend`, as it would go over the wire.
 *
 * {@link RavenTestingModule} puts it into an app; `app.get(RavenTesting)` gives it. Nothing leaves the process, and
 * an event is there when its capture returns, or, of a request, when the answer does; where a `beforeSend` or an
 * attachment has to be waited for, {@link waitFor} does.
 */
@Injectable()
export class RavenTesting extends ClientMaker {
  /** The time of events, breadcrumbs, and all that clients measure. It is the real one until it is set. */
  readonly clock = new FakeClock();
  /** A number from 0 up to, not including, 1, by which clients sample. Always 0: whatever the rate, an event is sent. */
  random: () => number = () => 0;
  readonly #clients: RavenClient[] = [];
  readonly #envelopes: Envelope[] = [];
  readonly #log = new ReportLog();
  #droppedBefore: DropCounts = {};

  /**
   * Makes a client that reports here. RavenModule calls it; call it yourself where there is no Nest app.
   *
   * @throws InvalidOptionsError where an option is unknown or has a wrong value
   */
  makeClient(options: RavenOptions = {}, environment: Partial<ClientEnvironment> = {}): RavenClient {
    const done = (): Promise<boolean> => Promise.resolve(true);
    const transport = {
      send: (envelope: Envelope) => this.#record(options.name, envelope),
      flush: done,
      close: done,
    };
    const client = new RavenClient(testingOptions(options, transport), {
      ...environment,
      now: this.clock.now,
      random: () => this.random(),
      buildsAtOnce: true,
    });
    this.#clients.push(client);
    return client;
  }

  /** Of all clients, in the order they were made; undefined: unnamed. */
  get clientNames(): readonly (string | undefined)[] {
    return this.#clients.map(({ options }) => options.name);
  }

  /** All events, in the order in which they would have been sent. */
  get events(): readonly RavenEvent[] {
    return this.#log.reports.map(({ event }) => event);
  }

  /** The events of one client. @param client - its name; none: the unnamed one */
  eventsOf(client?: string): readonly RavenEvent[] {
    return this.#log.reports.filter((report) => report.client === client).map(({ event }) => event);
  }

  /** Everything, with attachments and feedback, as it would go over the wire. */
  get envelopes(): readonly Envelope[] {
    return [...this.#envelopes];
  }

  /**
   * The newest event.
   *
   * @throws Error where there is none
   */
  last(): RavenEvent {
    const last = this.#log.reports.at(-1);
    if (!last) throw new Error(`RavenTesting.last: ${this.explain()}`);
    return last.event;
  }

  /**
   * The first event that is as wanted; undefined where there is none.
   *
   * @param wanted - none: any event
   * @throws TypeError where no event could be as wanted; Error where no client reports here
   */
  find(wanted?: WantedReport): RavenEvent | undefined {
    if (wanted !== undefined) checkWanted('RavenTesting.find', wanted);
    this.#requireClient();
    return this.#log.reports.find((report) => isWanted(report, wanted))?.event;
  }

  /**
   * Waits for an event that is as wanted, unless it is there already.
   *
   * @param timeoutMs - how long at most, in milliseconds of the real time; default 4000
   * @throws (rejects) Error after that time, which says what was reported instead; as {@link find}
   */
  async waitFor(wanted: WantedReport, timeoutMs: number = WAIT_MS): Promise<RavenEvent> {
    if (!(timeoutMs >= 0 && timeoutMs < 2 ** 31)) {
      throw new RangeError(`RavenTesting.waitFor: cannot wait for ${timeoutMs} ms; expected a number from 0`);
    }
    checkWanted('RavenTesting.waitFor', wanted);
    this.#requireClient();
    const event = await this.#log.first((report) => isWanted(report, wanted), timeoutMs);
    // Made here and not by the timer: its stack names the test that waits.
    if (!event) throw new Error(`RavenTesting.waitFor: within ${timeoutMs} ms ${this.explain(wanted)}`);
    return event;
  }

  /** Forgets what was recorded, and which errors were reported: the next test may throw the same ones. */
  clear(): void {
    this.#envelopes.length = 0;
    this.#log.clear();
    for (const { rootContext } of this.#clients) rootContext.memory.reported.clear();
    this.#droppedBefore = dropCounts(this.#clients);
  }

  /** What there is instead of a report that is wanted: the message of a failed assertion. */
  explain(wanted?: WantedReport): string {
    const reports = explainReports(this.#log.reports, wanted);
    return [
      `${describeWanted(wanted)} was expected, and ${reports.length === 0 ? 'nothing was reported' : 'these were:'}`,
      ...reports,
      ...this.#hints(),
    ].join('\n');
  }

  /** Where else a report may be. */
  #hints(): string[] {
    const dropped = Object.entries(dropCounts(this.#clients, this.#droppedBefore));
    const pending = this.#clients.reduce((sum, client) => sum + client.stats().pending, 0);
    return [
      ...(dropped.length === 0
        ? []
        : [`Dropped: ${dropped.map(([reason, count]) => `${count} by ${reason}`).join(', ')}.`]),
      ...(pending === 0 ? [] : [`On its way: ${pending}. "await raven.waitFor(…)" waits for it.`]),
    ];
  }

  /** Of what nobody reports to, everything would be true. */
  #requireClient(): void {
    if (this.#clients.length > 0) return;
    throw new Error(
      'RavenTesting: no client reports here; expected RavenTestingModule in the imports of the app, and app.get(RavenTesting) in the test',
    );
  }

  #record(client: string | undefined, envelope: Envelope): void {
    this.#envelopes.push(envelope);
    for (const { headers, payload } of envelope.items) {
      if (headers.type === 'event') this.#log.add({ client, event: payload as RavenEvent });
    }
  }
}

/** @throws TypeError where the function answers later; whatever it throws */
function isWanted(report: RecordedReport, wanted: WantedReport | undefined): boolean {
  if (typeof wanted !== 'function') return differencesOf(report, wanted ?? {}).length === 0;
  const answer: unknown = wanted(report.event);
  if (!isThenable(answer)) return Boolean(answer);
  forget(answer);
  throw new TypeError(
    'RavenTesting: the function returned a promise; expected whether it is the event, at once',
  );
}
