import { className, safeRead, safeString } from './safe-read';

/** Errors that one helper makes for many callers have the same first frames. */
const FRAMES = 5;
const FIRST_FRAME = '\n    at ';
/** How far into a stack the frames are looked for: a message stands before them. */
const LONGEST_HEAD = 16_384;
const LONGEST_FRAMES = 1024;
const LONGEST_NAME = 100;
const LONGEST_TEXT = 200;
const LONGEST_DETAIL = 100;
/** What errors of one call of the system are told apart by; their frames are Node's own. */
const SYSTEM_DETAILS = ['syscall', 'address', 'port', 'hostname'];

/**
 * What is the same of errors that come again and again: class, first frames and `code`, and what a call of the
 * system was about; not the message, which may carry ids. Where there are no frames, the text without its
 * numbers. Cheap, short, and it never throws; the first line says what it is, frames follow.
 */
export function errorFingerprint(thrown: unknown): string {
  if (typeof thrown === 'string') return `string: ${textFingerprint(thrown)}`;
  const type = className(thrown).slice(0, LONGEST_NAME);
  const frames = firstFrames(safeString(thrown, 'stack') ?? '');
  const details = detailsOf(thrown);
  if (frames !== '') return type + frames + details;
  const said = [safeString(thrown, 'name'), safeString(thrown, 'message')];
  return [type, ...said.filter((text) => text !== undefined).map(textFingerprint)].join(': ') + details;
}

/** The beginning of a text, without numbers and what follows in ids. */
export function textFingerprint(text: string): string {
  return text.slice(0, LONGEST_TEXT).replaceAll(/\d[\da-f-]*/gi, '#');
}

/** A line of its own, or nothing. Of several attempts to connect, each failed in the same way: the first tells. */
function detailsOf(thrown: unknown): string {
  const isCall = (value: unknown): boolean => safeString(value, 'syscall') !== undefined;
  const call = [thrown, safeRead(safeRead(thrown, 'errors'), 0)].find(isCall);
  const details = [
    detail(thrown, 'code'),
    ...(call === undefined ? [] : SYSTEM_DETAILS.map((key) => detail(call, key))),
  ].filter((text) => text !== undefined);
  return details.length === 0 ? '' : `\n${details.join(' ')}`;
}

function detail(thrown: unknown, key: string): string | undefined {
  const value = safeRead(thrown, key);
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return String(value).slice(0, LONGEST_DETAIL).replaceAll('\n', ' ');
}

function firstFrames(stack: string): string {
  const start = stack.slice(0, LONGEST_HEAD).indexOf(FIRST_FRAME);
  if (start === -1) return '';
  const frames = stack.slice(start, start + LONGEST_FRAMES);
  let end = 0;
  for (let count = 0; count < FRAMES; count++) {
    const next = frames.indexOf('\n', end + 1);
    if (next === -1) return frames;
    end = next;
  }
  return frames.slice(0, end);
}
