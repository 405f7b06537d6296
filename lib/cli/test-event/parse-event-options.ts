import { levelOf } from '../../client/event-level';
import type { Level } from '../../protocol/event';
import { UsageError } from '../usage-error';
import { parseJsonObject } from './parse-json-object';
import { parsePairs } from './parse-pairs';
import type { TestEventArguments } from './test-event-arguments';

/** What goes into the event, and how long to wait for its answer. */
export interface EventOptions {
  message: string;
  level: Level;
  tags: Record<string, unknown>;
  data: Record<string, unknown>;
  timeoutS: number;
}

const DEFAULT_MESSAGE = 'This is a test message of "nestjs-raven test"';
/** An hour; longer than any server or proxy waits. */
const LONGEST_TIMEOUT_S = 3600;

/** Reads the options of the command line. @throws UsageError where one cannot be read */
export function parseEventOptions(given: TestEventArguments): EventOptions {
  return {
    message: given.message ?? DEFAULT_MESSAGE,
    level: parseLevel(given.level),
    tags: {
      ...(given.tags !== undefined && parseJsonObject('--tags', given.tags)),
      ...parsePairs('--tag', given.tag ?? []),
    },
    data: given.data === undefined ? {} : parseJsonObject('--data', given.data),
    timeoutS: parseTimeoutS(given.timeout),
  };
}

function parseLevel(text: string): Level {
  const level = levelOf(text);
  if (level === undefined) {
    throw new UsageError('--level is none that there is; expected fatal, error, warning, info or debug');
  }
  return level;
}

function parseTimeoutS(text: string): number {
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT_S) return seconds;
  throw new UsageError(
    `--timeout is no number of seconds; expected one up to ${LONGEST_TIMEOUT_S}, such as 30`,
  );
}
