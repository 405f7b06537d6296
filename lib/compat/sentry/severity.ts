/** Levels as Sentry's clients for JavaScript name them; `log` is sent as `info`, `critical` as `fatal`. */
export type SeverityLevel = 'fatal' | 'critical' | 'error' | 'warning' | 'log' | 'info' | 'debug';

/** The same as constants, as older versions of @sentry/node had them: `Severity.Warning`. */
export const Severity = {
  Fatal: 'fatal',
  Critical: 'critical',
  Error: 'error',
  Warning: 'warning',
  Log: 'log',
  Info: 'info',
  Debug: 'debug',
} as const satisfies Record<string, SeverityLevel>;
