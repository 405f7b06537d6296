import type { RavenOptions } from '../raven.options';
import type { Transport } from '../transport/transport';
import { validateOptions } from '../validate-options';

/** Where a test has no DSN: a host that cannot be, should anybody ask for it. */
const DSN = 'https://public@raven.invalid/1';

/**
 * The app's options, but for what decides whether and where anything is sent, and for what reaches beyond the app:
 * handlers of the process, files, the debugger.
 *
 * @throws InvalidOptionsError where the app's own are wrong
 */
export function testingOptions(options: RavenOptions, transport: Transport): RavenOptions {
  validateOptions(options);
  const { dsn, axios: _, ...others } = options;
  return {
    ...others,
    dsn: dsn?.trim() ? dsn : DSN,
    enabled: true,
    transport,
    spool: false,
    spotlight: false,
    installProcessHandlers: false,
    captureLocals: false,
    // They are read from many files, in no known time.
    includeVersions: false,
  };
}
