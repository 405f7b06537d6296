import type { Level } from '../protocol/event';

const LABELS: ReadonlyMap<string, Level> = new Map([
  ['trace', 'debug'],
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warning'],
  ['error', 'error'],
  ['fatal', 'fatal'],
]);

/** The level of the wire that a level of pino's is: its number, a label, or one of the app's own in between. */
export function levelOfPino(level: unknown): Level {
  if (typeof level === 'string') return LABELS.get(level.toLowerCase()) ?? 'info';
  if (typeof level !== 'number') return 'info';
  if (level >= 60) return 'fatal';
  if (level >= 50) return 'error';
  if (level >= 40) return 'warning';
  return level >= 30 ? 'info' : 'debug';
}

/** The level that a line begins with. */
export function levelOfLine(line: string): Level {
  const [, label, digits] = /^\{"level":(?:"(\w{1,32})"|(\d{1,6}))/.exec(line) ?? [];
  return levelOfPino(label ?? (digits === undefined ? undefined : Number(digits)));
}
