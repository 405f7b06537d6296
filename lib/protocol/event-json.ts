import { randomUUID } from 'node:crypto';
import { isShared } from './shared-frames';
import type { ExceptionValue, RavenEvent, StackFrame } from './event';
import { jsonLine } from './json-line';

/** Stands for frames in the JSON around them. No event holds it by itself: nobody else knows it. */
const PLACE = `frames ${randomUUID()}`;
const PLACE_IN_JSON = `"${PLACE}"`;

const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');

/** The JSON of frames that events have in common. */
const known = new WeakMap<StackFrame, Buffer>();

/**
 * An event as JSON, in parts that follow each other. Frames are most of an event, and those that events have in
 * common are written once.
 *
 * @returns `undefined` where it cannot be written, which plain data never causes
 */
export function eventJson(event: RavenEvent): Buffer[] | undefined {
  const stacks: StackFrame[][] = [];
  const json = jsonLine(withPlaces(event, stacks));
  if (json === undefined) return undefined;
  const around = json.split(PLACE_IN_JSON);
  const parts: Buffer[] = [Buffer.from(around[0])];
  for (let index = 0; index < stacks.length; index++) {
    for (const frame of stacks[index]) parts.push(COMMA, sharedJson(frame));
    // The first comma is none.
    parts[parts.length - 2 * stacks[index].length] = OPEN;
    parts.push(CLOSE, Buffer.from(around[index + 1]));
  }
  return parts;
}

/** The event with places instead of stacks whose frames all are ones that events have in common. */
function withPlaces(event: RavenEvent, stacks: StackFrame[][]): RavenEvent {
  const values: unknown = event.exception?.values;
  if (!Array.isArray(values)) return event;
  const cut = (values as ExceptionValue[]).map((value) => {
    const frames = value?.stacktrace?.frames;
    if (!Array.isArray(frames) || frames.length === 0 || !frames.every(isShared)) return value;
    stacks.push(frames);
    return { ...value, stacktrace: { ...value.stacktrace, frames: PLACE } };
  });
  return stacks.length === 0
    ? event
    : ({ ...event, exception: { ...event.exception, values: cut } } as never);
}

/** The JSON of a frame that events have in common. */
export function sharedJson(frame: StackFrame): Buffer {
  let json = known.get(frame);
  if (!json) known.set(frame, (json = Buffer.from(jsonLine(frame) ?? '{}')));
  return json;
}
