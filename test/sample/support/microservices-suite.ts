import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startReceiver, type Receiver } from '../../support/receiver';
import { startServices, type Services } from './microservices';
import { loadSamples } from './samples';

/**
 * What the microservices sample shows, whatever is between its services.
 *
 * @param environment - sets what that is, and where the services are
 */
export async function testMicroservices(environment: () => Promise<Record<string, string>>): Promise<void> {
  const { readSample, takeStep } = await loadSamples();
  const { name, steps } = await readSample('04-microservices');
  let receiver: Receiver;
  let services: Services;
  beforeAll(async () => {
    receiver = await startReceiver();
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    for (const [variable, value] of Object.entries(await environment())) vi.stubEnv(variable, value);
    services = await startServices();
  });
  afterAll(async () => {
    await services?.close();
    vi.unstubAllEnvs();
    await receiver?.close();
  });

  it.each(steps)(
    '$body is answered with $status, and reported by all services in one trace',
    async (step) => {
      receiver.events.length = 0;
      expect((await takeStep({ name, ports: [services.port] }, step)).status).toBe(step.status);
      await services.flush();
      const seen = receiver.events.map(({ exception, transaction }) => ({
        type: exception.values.at(-1)?.type,
        transaction,
      }));
      const { reports = [] } = step;
      expect(seen).toHaveLength(reports.length);
      expect(seen).toEqual(expect.arrayContaining(reports));
      const traces = new Set(receiver.events.map(({ contexts }) => contexts.trace.trace_id));
      expect(traces.size).toBe(Math.min(1, reports.length));
    },
  );
}
