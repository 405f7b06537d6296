import type { StackFrame } from '../protocol/event';
import { startingPart } from '../protocol/shared-frames';
import { isOwn, type FrameOptions } from './stack-frames';

/** Nest, what it runs a request on, and this package: between two of the app's frames, all of them say the same. */
const PLUMBING =
  /^node_modules\/(?:@nestjs|@fastify\/middie|avvio|body-parser|express|fastify|find-my-way|nestjs-raven|reusify|router|rxjs)\//;
type OwnDirectory = Pick<FrameOptions, 'ownDirectory'>;
/** Fewer in a row are left as they are. */
const SHORTEST_RUN = 3;

/**
 * Of several frames in a row of Nest and what it runs on, the outermost and the innermost. Frames of Node and of
 * the language count where they stand in between; those of the app and of other libraries never do.
 *
 * @param frames - named already, the caller first
 */
export function collapseFrames(frames: readonly StackFrame[], options: OwnDirectory): StackFrame[] {
  const kept: StackFrame[] = [];
  for (let index = 0; index < frames.length; index++) {
    const last = endOfRun(frames, index, options);
    kept.push(frames[index]);
    if (last - index + 1 < SHORTEST_RUN) continue;
    const isJoined = frames.slice(index + 1, last + 1).some((frame) => frame.stack_start);
    kept.push(isJoined ? startingPart(frames[last]) : frames[last]);
    index = last;
  }
  return kept;
}

/** The index of the last frame of the run that begins at `start`; one less where none does. */
function endOfRun(frames: readonly StackFrame[], start: number, options: OwnDirectory): number {
  let last = start - 1;
  for (let index = start; index < frames.length; index++) {
    if (isPlumbing(frames[index], options)) last = index;
    else if (index === start || !isBetween(frames[index])) break;
  }
  return last;
}

function isPlumbing(frame: StackFrame, options: OwnDirectory): boolean {
  if (frame.in_app) return false;
  return (
    PLUMBING.test(frame.filename ?? '') || (frame.abs_path !== undefined && isOwn(frame.abs_path, options))
  );
}

function isBetween({ in_app: inApp, abs_path: path, filename }: StackFrame): boolean {
  return !inApp && (path === undefined || filename?.startsWith('node:') === true);
}
