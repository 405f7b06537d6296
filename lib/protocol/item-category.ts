/**
 * What servers count and limit by. `log_byte` accompanies `log_item` in client reports only.
 * Source: Sentry's rate-limiting specification; the ones a client of errors meets.
 */
export const DATA_CATEGORIES = [
  'default',
  'error',
  'transaction',
  'session',
  'attachment',
  'monitor',
  'feedback',
  'log_item',
  'log_byte',
  'span',
  'trace_metric',
  'security',
  'profile',
  'replay',
  'internal',
] as const;

/** One of {@link DATA_CATEGORIES}. */
export type DataCategory = (typeof DATA_CATEGORIES)[number];

const CATEGORY_OF: ReadonlyMap<string, DataCategory> = new Map([
  ['event', 'error'],
  ['transaction', 'transaction'],
  ['attachment', 'attachment'],
  ['session', 'session'],
  ['sessions', 'session'],
  ['check_in', 'monitor'],
  ['feedback', 'feedback'],
  ['user_report', 'feedback'],
  ['client_report', 'internal'],
  ['log', 'log_item'],
  ['trace_metric', 'trace_metric'],
]);

/** The category that an envelope item of this type counts in; `default` for a type unknown here. */
export function itemCategory(itemType: string): DataCategory {
  return CATEGORY_OF.get(itemType) ?? 'default';
}
