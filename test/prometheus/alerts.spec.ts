import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RavenMetricsModule } from 'nestjs-raven/prometheus';
import { startReceiver, type Receiver } from '../support/receiver';
import { startApp } from '../support/test-app';

const RULES = readFileSync(join(__dirname, '../../docs/alerts/nestjs-raven.rules.yaml'), 'utf8');
const SELECTOR = /(nestjs_raven_\w+)\{(\w+)(?:=|!=|=~|!~)"([^"]*)"\}/;
/** Of each rule what it asks for: a metric, and a label that has one of some values. */
const RULES_BY_NAME = [...RULES.matchAll(/- alert: (\w+)\n\s+expr: (.*)/g)].map(([, name, expression]) => {
  const [, metric, label, values] = SELECTOR.exec(expression) ?? [];
  return { name, metric, label, values: values?.split('|') };
});

// What the rules make of the series `promtool test rules test/prometheus/alerts.test.yaml` says.
describe('the rules for alerts', () => {
  let receiver: Receiver;
  let app: INestApplication;
  let scraped: string;
  beforeAll(async () => {
    receiver = await startReceiver();
    const registry = new Registry();
    app = await startApp(receiver, { imports: [RavenMetricsModule.forRoot({ registry })] });
    scraped = await registry.metrics();
  });
  afterAll(async () => {
    await app.close();
    await receiver.close();
  });

  it('are there', () => {
    expect(RULES_BY_NAME.length).toBeGreaterThanOrEqual(5);
  });

  // A selector that matches nothing is no error to Prometheus: the alert would never fire.
  it.each(RULES_BY_NAME)('$name asks for what a scrape has from the start', ({ metric, label, values }) => {
    for (const value of values ?? ['there is no selector']) {
      expect(scraped).toMatch(new RegExp(`^${metric}\\{client="default",${label}="${value}"\\} \\d`, 'm'));
    }
  });
});
