import { safeString } from '../event/safe-read';
import { runQuietly } from './scope';

const MAX_STACKS = 5;

interface ReportedStack {
  text: string;
  eventId: string | null;
}

const NONE: readonly ReportedStack[] = [];

/**
 * The errors that were reported in one piece of work, with the ids of their events.
 *
 * Errors are told apart by identity, never by their text; frozen ones too. A thrown primitive has no
 * identity: it is remembered by value, for those who ask for that. One that was counted instead of sent has
 * no event; it counts as reported all the same.
 */
export class ReportedErrors {
  /** Made with the first one: most pieces of work report nothing, and making it takes time. */
  private objects?: WeakMap<object, string | null>;
  private lastPrimitive?: { value: unknown; eventId: string | null };
  private stacks: readonly ReportedStack[] = NONE;

  /** Remembers that `error` was reported as the event `eventId`; null: it was counted. */
  add(error: unknown, eventId: string | null): void {
    if (isObject(error)) (this.objects ??= new WeakMap()).set(error, eventId);
    else this.lastPrimitive = { value: error, eventId };
  }

  /**
   * @param error - what was thrown
   * @param byValue - whether a primitive equal to the last one reported counts as the same; true where one
   *   throw is seen in several places
   * @returns the id of the event `error` was reported as, `null` where it was counted, or `undefined`
   */
  eventIdOf(error: unknown, byValue: boolean): string | null | undefined {
    if (isObject(error))
      return this.objects?.has(error) ? this.objects.get(error) : this.eventIdByStack(error);
    if (byValue && this.lastPrimitive && Object.is(this.lastPrimitive.value, error)) {
      return this.lastPrimitive.eventId;
    }
    return undefined;
  }

  /** Remembers that what was reported is known by the text of its stack alone: the last five. */
  addStack(text: string, eventId: string | null): void {
    this.stacks = [...this.stacks.slice(1 - MAX_STACKS), { text, eventId }];
  }

  /** @returns as {@link eventIdOf}, for what {@link addStack} was told of */
  eventIdOfStack(text: string): string | null | undefined {
    return this.stacks.find((known) => known.text === text)?.eventId;
  }

  /** An error of which a logger was given the stack, and that is thrown on. */
  private eventIdByStack(error: object): string | null | undefined {
    if (this.stacks.length === 0) return undefined;
    // Reading a stack may run the app's code.
    const stack = runQuietly(() => safeString(error, 'stack'));
    return stack === undefined ? undefined : this.eventIdOfStack(stack);
  }

  clear(): void {
    this.objects = undefined;
    this.lastPrimitive = undefined;
    this.stacks = NONE;
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
