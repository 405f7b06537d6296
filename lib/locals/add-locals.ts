import type { StackFrame } from '../protocol/event';
import type { RecordedFrame } from './recorded-locals';

/**
 * Gives the frames of an error's stack the variables that were recorded when it was thrown, in place.
 *
 * The stack is that of where the error was made, the record that of where it was thrown: frames are those of the same
 * function in the same file, in the same order. Where stacks show other files than those that ran (source maps),
 * the names of the functions alone must do.
 *
 * @param frames - of a parsed stack: the caller first
 * @param recorded - of a pause: what threw first
 * @param isMapped - whether stacks may show other files than those that ran
 */
export function addLocals(
  frames: readonly StackFrame[],
  recorded: readonly RecordedFrame[],
  isMapped: boolean,
): void {
  const paths = new Set(frames.map(({ abs_path: path }) => path));
  const byName = isMapped && !recorded.some(({ path }) => paths.has(path));
  let next = frames.length - 1;
  for (const { name, path, line, vars } of recorded) {
    if (byName && name === '') continue;
    for (let index = next; index >= 0; index--) {
      const frame = frames[index];
      if (!byName && frame.abs_path !== path) continue;
      // One without a name is shown by what it was called as: `Timeout._onTimeout`.
      if (bareName(frame.function) !== bareName(name) && !(name === '' && frame.lineno === line)) continue;
      if (Object.keys(vars).length > 0) frame.vars = { ...vars };
      next = index - 1;
      break;
    }
  }
}

/** `handle` of `Orders.handle`, `new Orders`. */
function bareName(name = ''): string {
  const own = name.slice(name.lastIndexOf('.') + 1).replace(/^new /, '');
  return own === '' ? '<anonymous>' : own;
}
