import { describe, expect, it } from 'vitest';
import { RavenClient } from 'nestjs-raven';
import { OPTIONS_WITHOUT_EFFECT } from '../../lib/compat/sentry/options-without-effect';
import { ravenOptionsOf } from '../../lib/compat/sentry/raven-options-of';
import type { SentryOptions } from '../../lib/compat/sentry/sentry-options';
import { recordingLogger } from '../support/silent-logger';

function converted(given: SentryOptions): { options: ReturnType<typeof ravenOptionsOf>; lines: string[] } {
  const logger = recordingLogger();
  return { options: ravenOptionsOf('SentryModule', given, logger), lines: logger.lines };
}

describe('options of Sentry.init', () => {
  it('are those of a client where they mean the same', () => {
    const { options, lines } = converted({
      dsn: 'http://public@localhost/1',
      environment: 'staging',
      release: null,
      attachStacktrace: true,
      shutdownTimeout: 3000,
      maxBreadcrumbs: 20,
    });
    expect(options).toEqual({
      dsn: 'http://public@localhost/1',
      environment: 'staging',
      autoLogStacks: true,
      shutdownTimeoutMs: 3000,
      maxBreadcrumbs: 20,
    });
    expect(lines).toEqual([]);
  });

  it.each(Object.keys(OPTIONS_WITHOUT_EFFECT))('are taken where there is no counterpart: %s', (option) => {
    const { options, lines } = converted({ [option]: 1 } as SentryOptions);
    expect(options).toEqual({});
    expect(lines).toEqual([
      `warn: SentryModule: the option "${option}" has no effect: ${(OPTIONS_WITHOUT_EFFECT as Record<string, string>)[option]}`,
    ]);
  });

  it.each(Object.keys(OPTIONS_WITHOUT_EFFECT))(
    'are not at the same time options of a client: %s',
    (option) => {
      const refused = () => new RavenClient({ enabled: false, [option]: undefined } as never, { env: {} });
      expect(refused).toThrow(`unknown option "${option}"`);
    },
  );

  it('have to be an object', () => {
    expect(() => converted('http://public@localhost/1' as never)).toThrow(
      'SentryModule: the options are "http://***@localhost/1"; expected an object',
    );
  });
});
