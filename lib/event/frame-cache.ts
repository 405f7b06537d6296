import type { StackFrame } from '../protocol/event';
import { shareFrame } from '../protocol/shared-frames';
import type { FrameOptions } from './stack-frames';

const MAX_FRAMES = 2000;

/** Lines of stacks that were read before, by the options they were read with. */
const known = new WeakMap<FrameOptions, Map<string, StackFrame>>();

/**
 * The frame that a line of a stack stands for. The same lines come again and again, and reading one takes longer
 * than looking it up.
 *
 * @param read - reads the line; undefined where it is no frame
 * @returns a frame that events have in common
 */
export function knownFrame(
  line: string,
  options: FrameOptions,
  read: (line: string) => StackFrame | undefined,
): StackFrame | undefined {
  let frames = known.get(options);
  if (!frames) known.set(options, (frames = new Map()));
  let frame = frames.get(line);
  if (!frame) {
    // A part of a text keeps all of it in memory: what is kept is made of a copy.
    const copy = Buffer.from(line).toString();
    frame = read(copy);
    if (!frame) return undefined;
    if (frames.size >= MAX_FRAMES) frames.clear();
    frames.set(copy, shareFrame(frame));
  }
  return frame;
}
