import { types } from 'node:util';

/** The time a Date stands for, in milliseconds since the epoch; undefined for an invalid one and whatever else was given. */
export function timeOf(date: unknown): number | undefined {
  if (!types.isDate(date)) return undefined;
  const timeMs = date.getTime();
  return Number.isFinite(timeMs) ? timeMs : undefined;
}
