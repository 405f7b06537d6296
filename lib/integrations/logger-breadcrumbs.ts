import { Logger } from '@nestjs/common';
import type { BreadcrumbDraft } from '../context/breadcrumb-buffer';
import { currentScope } from '../context/scope';
import { safeRead } from '../event/safe-read';
import { NESTS_OWN_LOGGERS } from '../logger/nests-own-loggers';
import { liveApps } from '../nest/live-apps';
import { loggedText, loggedValues } from './logged-values';
import { recordFrom } from './record-from';
import { tellsOfStart } from './starting-lines';

const LEVELS = {
  verbose: 'debug',
  debug: 'debug',
  log: 'info',
  warn: 'warning',
  error: 'error',
  fatal: 'fatal',
} as const;
type Method = keyof typeof LEVELS;

/** A line as Logger keeps it while lines are buffered: `methodRef` writes it, and is bound to whose line it is. */
interface BufferedLine {
  methodRef: (...values: unknown[]) => unknown;
  arguments: unknown[];
}

/** The name that this library's own lines carry. */
const OWN_CONTEXT = 'Raven';
const STACK_LINE = /\n\s+at /;

let isWriting = false;

/** Whether Nest's Logger is writing a line just now, by whatever means. */
export function writesLine(): boolean {
  return isWriting;
}

/**
 * Breadcrumbs of lines of Nest's `Logger`, whatever logger the app uses or will use; what that does and prints stays
 * as it is.
 *
 * There is no public seam: what `new Logger('X')` logs goes to a logger of that instance's own. But each line is
 * offered to the buffer of `bufferLogs` first. So the two statics of Logger that make it up are overlaid: they take
 * every line, and unless the app buffers they have it written at once.
 *
 * @returns takes the source away
 */
export function watchLogger(): () => void {
  if (!Array.isArray(safeRead(Logger, 'logBuffer'))) return () => undefined;
  // Another copy of this package watches it: what lies under an overlay, an overlay over it cannot know.
  if (Object.getOwnPropertyDescriptor(Logger, 'logBuffer')?.get) return () => undefined;
  const isBuffering = safeRead(Logger, 'isBufferAttached') === true;
  const lines = new WatchedLines(isBuffering, safeRead(Logger, 'logBuffer') as BufferedLine[]);
  const undo = [
    overlayStatic('isBufferAttached', {
      get: () => true,
      set: (value) => void (lines.isBuffering = value === true),
      valueAfter: (before) => (lines.isBuffering === isBuffering ? before : lines.isBuffering),
    }),
    overlayStatic('logBuffer', {
      get: () => lines,
      set: (value) => lines.replace(value as BufferedLine[]),
      valueAfter: () => lines.kept(),
    }),
  ];
  return () => undo.forEach((step) => step());
}

/** The buffer as Logger sees it: it keeps lines only while the app buffers them. */
class WatchedLines extends Array<BufferedLine> {
  constructor(
    public isBuffering: boolean,
    kept: readonly BufferedLine[],
  ) {
    super();
    super.push(...kept);
  }

  // What methods of lists make of this one is a plain list.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  override push(line: BufferedLine): number {
    recordLine(line);
    const written: BufferedLine = {
      methodRef: (...values) => write(() => line.methodRef(...values)),
      arguments: line.arguments,
    };
    if (this.isBuffering) return super.push(written);
    written.methodRef(...written.arguments);
    return this.length;
  }

  replace(lines: readonly BufferedLine[]): void {
    this.length = 0;
    super.push(...lines);
  }

  kept(): BufferedLine[] {
    return Array.from(this);
  }
}

interface StaticOverlay {
  get: () => unknown;
  set: (value: unknown) => void;
  /** What it is to be once the overlay is gone. */
  valueAfter: (before: unknown) => unknown;
}

function overlayStatic(name: string, { get, set, valueAfter }: StaticOverlay): () => void {
  const before = Object.getOwnPropertyDescriptor(Logger, name);
  Object.defineProperty(Logger, name, { get, set, configurable: true, enumerable: true });
  return () => {
    // Whoever put another overlay over this one keeps it.
    if (Object.getOwnPropertyDescriptor(Logger, name)?.get !== get) return;
    const value = valueAfter(before?.value);
    if (before || value !== undefined) {
      Object.defineProperty(Logger, name, {
        configurable: true,
        enumerable: true,
        writable: true,
        ...before,
        value,
      });
    } else Reflect.deleteProperty(Logger, name);
  };
}

function write(print: () => unknown): unknown {
  const wasWriting = isWriting;
  isWriting = true;
  try {
    return print();
  } finally {
    isWriting = wasWriting;
  }
}

function recordLine(line: BufferedLine): void {
  if (currentScope()?.isQuiet) return;
  try {
    const target = safeRead(Logger, 'staticInstanceRef');
    // One that records breadcrumbs by itself knows more of its lines.
    if (!target || safeRead(target, 'recordsBreadcrumbs') === true) return;
    const called = callOf(line, target);
    if (called && isPrinted(target, called.method)) record(called);
  } catch {
    // The line is written all the same.
  }
}

/** What a logger is asked to do. */
interface Call {
  method: Method;
  values: unknown[];
}

let heard: Call | undefined;

/** Stands in for the app's logger to hear what it will be given: the line alone does not tell whose it is. */
const listener = Object.fromEntries(
  (Object.keys(LEVELS) as Method[]).map((method) => [
    method,
    (...values: unknown[]) => {
      heard = { method, values };
    },
  ]),
);

function callOf(line: BufferedLine, target: unknown): Call | undefined {
  heard = undefined;
  Reflect.set(Logger, 'staticInstanceRef', listener);
  try {
    line.methodRef(...line.arguments);
  } finally {
    Reflect.set(Logger, 'staticInstanceRef', target);
  }
  const call = heard;
  heard = undefined;
  return call;
}

/** Lines below the app's log level are none. A logger that cannot be asked prints what it has a method for. */
function isPrinted(target: unknown, method: Method): boolean {
  if (typeof safeRead(target, method) !== 'function') return false;
  const ask = safeRead(target, 'isLevelEnabled');
  return typeof ask !== 'function' || Reflect.apply(ask, target, [method]) !== false;
}

/** By Nest's convention the last text, where it is not the only value, is the context. */
function record({ method, values }: Call): void {
  const last = values.at(-1);
  const context = values.length > 1 && typeof last === 'string' ? last : undefined;
  if (context === OWN_CONTEXT || tellsOfStart(context, LEVELS[method])) return;
  if (NESTS_OWN_LOGGERS.has(context) && isSeen(values[0])) return;
  const logged = (context === undefined ? values : values.slice(0, -1)).filter(
    (value, index) => index === 0 || (value !== undefined && !isStack(value)),
  );
  recordFrom('logger', {
    category: context ?? 'logger',
    level: LEVELS[method],
    data: { values: loggedValues(logged) },
    processor: formatLine,
  });
}

/** What the module decides on is told by its event; GraphQL's line would come before that, and be its last breadcrumb. */
function isSeen(error: unknown): boolean {
  for (const { seen } of liveApps) if (seen.has(error)) return true;
  return false;
}

function isStack(value: unknown): boolean {
  return typeof value === 'string' && STACK_LINE.test(value);
}

function formatLine(crumb: BreadcrumbDraft): void {
  const values = safeRead(crumb.data, 'values');
  if (!Array.isArray(values)) return;
  crumb.message = loggedText(values, false);
  crumb.data = null;
}
