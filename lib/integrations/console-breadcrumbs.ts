import { Console } from 'node:console';
import { Writable } from 'node:stream';
import type { BreadcrumbDraft } from '../context/breadcrumb-buffer';
import { currentScope } from '../context/scope';
import { safeRead } from '../event/safe-read';
import { overlayMethod } from '../nest/overlay-method';
import { listenToChannel } from './listen-to-channel';
import { loggedText, loggedValues } from './logged-values';
import { writesLine } from './logger-breadcrumbs';
import { recordFrom } from './record-from';

const LEVELS = { log: 'info', info: 'info', warn: 'warning', error: 'error', debug: 'debug' } as const;
type Method = keyof typeof LEVELS;
const METHODS = Object.keys(LEVELS) as Method[];

/**
 * Breadcrumbs of lines of `console`; what its other methods print goes through these.
 *
 * Node publishes such lines on channels from 22 on. Before, there is no seam: methods of the one `console` object
 * are overlaid.
 *
 * @returns takes the source away
 */
export function watchConsole(): () => void {
  const watch = isPublished() ? listen : overlay;
  const undo = METHODS.map(watch);
  return () => undo.forEach((step) => step());
}

function listen(method: Method): () => void {
  return listenToChannel<unknown[]>(`console.${method}`, (values) => record(method, values));
}

function overlay(method: Method): () => void {
  return overlayMethod(
    console,
    method,
    (print) =>
      function (this: unknown, ...values: unknown[]) {
        try {
          record(method, values);
        } catch {
          // The line is printed all the same.
        }
        Reflect.apply(print, this, values);
      },
  );
}

function record(method: Method, values: unknown[]): void {
  // Nest's loggers may print by `console`; the line is known by then.
  if (writesLine() || currentScope()?.isQuiet) return;
  recordFrom('console', {
    category: 'console',
    level: isTrace(method, values) ? 'debug' : LEVELS[method],
    data: { values: loggedValues(values) },
    processor: formatLine,
  });
}

/** `console.trace` prints its stack as an error. */
function isTrace(method: Method, [first]: unknown[]): boolean {
  return method === 'error' && typeof first === 'string' && /^Trace(?::|\n)/.test(first);
}

function formatLine(crumb: BreadcrumbDraft): void {
  const values = safeRead(crumb.data, 'values');
  if (!Array.isArray(values)) return;
  crumb.message = loggedText(values, true);
  crumb.data = null;
}

/** Versions do not say it: a console whose lines go nowhere is asked. */
function isPublished(): boolean {
  let isHeard = false;
  const undo = listenToChannel('console.debug', () => {
    isHeard = true;
  });
  new Console(new Writable({ write: (_chunk, _encoding, done) => done() })).debug('');
  undo();
  return isHeard;
}
