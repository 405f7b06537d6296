import type { Level } from '../protocol/event';
import { readableText } from './readable-text';

/** What loggers call their levels, in the words of the wire. */
const LEVELS: ReadonlyMap<string, Level> = new Map([
  ['fatal', 'fatal'],
  ['critical', 'fatal'],
  ['error', 'error'],
  ['warning', 'warning'],
  ['warn', 'warning'],
  ['info', 'info'],
  ['log', 'info'],
  ['debug', 'debug'],
]);

/** A level as the wire knows it; undefined for what is none. */
export function levelOf(given: unknown): Level | undefined {
  return given === undefined || given === null ? undefined : LEVELS.get(readableText(given).toLowerCase());
}
