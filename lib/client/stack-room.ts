/** Small ones, as many as take more room than a capture with what the app's hooks call: some 64 KiB of the usual 984. */
const FRAMES = 1000;

/**
 * Whether there is room for a capture on the stack of calls. Where an app recurses without end there is none:
 * a capture would fail somewhere inside, and a regular expression that is first compiled there ends the process.
 */
export function hasStackRoom(): boolean {
  try {
    return descend(FRAMES) === 0;
  } catch {
    return false;
  }
}

function descend(frames: number): number {
  return frames === 0 ? 0 : descend(frames - 1);
}
