import { maskSecretsInCode } from './mask-secrets-in-code';

/** The lines around a frame, as an event carries them. */
export interface ContextLines {
  pre_context: string[];
  context_line: string;
  post_context: string[];
}

/** Longest line, its marks included. */
const MAX_LINE_LENGTH = 200;
/** Of what is cut, so much is shown before the column. */
const BEFORE_COLUMN = 60;
const CUT = '…';

/**
 * The line and those around it; longer ones are cut, that of the frame around its column.
 *
 * @param line - from 1
 * @param column - from 1
 * @returns undefined where there is no such line
 */
export function contextLines(
  lines: readonly string[],
  line: number,
  column: number | undefined,
  around: number,
): ContextLines | undefined {
  const index = line - 1;
  if (around === 0 || index < 0 || index >= lines.length) return undefined;
  const short = (text: string): string => maskSecretsInCode(cutLine(text, 1));
  return {
    pre_context: lines.slice(Math.max(0, index - around), index).map(short),
    context_line: maskSecretsInCode(cutLine(lines[index], column ?? 1)),
    post_context: lines.slice(index + 1, index + 1 + around).map(short),
  };
}

/**
 * A line of at most 200 UTF-16 units that has the column in it; `…` stands for what is left out.
 *
 * @param column - from 1
 */
export function cutLine(line: string, column: number): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (text.length <= MAX_LINE_LENGTH) return text;
  const room = MAX_LINE_LENGTH - 2 * CUT.length;
  let start = Math.max(0, Math.min(column - 1 - BEFORE_COLUMN, text.length - room));
  // What one mark would replace needs none.
  if (start <= CUT.length) start = 0;
  let end = Math.min(text.length, start + room);
  // Half a surrogate pair is no text.
  if (isLowSurrogate(text, start)) start += 1;
  if (isLowSurrogate(text, end)) end -= 1;
  return `${start > 0 ? CUT : ''}${text.slice(start, end)}${end < text.length ? CUT : ''}`;
}

function isLowSurrogate(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  const before = text.charCodeAt(index - 1);
  return code >= 0xdc00 && code <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
}
