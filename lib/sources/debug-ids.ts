import { safeRead } from '../event/safe-read';
import { parseStack, type FrameOptions } from '../event/stack-frames';

/** In the last lines of a file, after its code. */
const END_LENGTH = 4096;
const COMMENT = /^[ \t]*\/\/# debugId=([\da-fA-F-]{32,36})[ \t]*\r?$/gm;
const UUID = /^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/i;

/** Where bundles register themselves: the stack of the code that does it, to its id. */
const REGISTRIES = ['_sentryDebugIds', '_debugIds'];
const MAX_REGISTERED = 1000;

/** The id that a file of code ends in: `//# debugId=…`. */
export function debugIdIn(text: string): string | undefined {
  const last = [...text.slice(-END_LENGTH).matchAll(COMMENT)].at(-1)?.[1];
  return last === undefined ? undefined : uuid(last);
}

/** The ids of files that said so themselves when they were loaded. */
export class RegisteredDebugIds {
  private readonly ids = new Map<string, string>();
  private seen = 0;

  constructor(private readonly frames: FrameOptions) {}

  /** Whether there are any; reads what was registered since. */
  get areAny(): boolean {
    this.refresh();
    return this.ids.size > 0;
  }

  /** @param path - as `abs_path` of frames */
  of(path: string | undefined): string | undefined {
    return path === undefined || this.ids.size === 0 ? undefined : this.ids.get(path);
  }

  /** Reads what was registered since. */
  refresh(): void {
    const registered = REGISTRIES.flatMap((name) => entriesOf(safeRead(globalThis, name)));
    if (registered.length === this.seen) return;
    this.seen = registered.length;
    for (const [stack, id] of registered.slice(-MAX_REGISTERED)) {
      const path = parseStack(stack, this.frames).findLast(
        ({ abs_path }) => abs_path !== undefined,
      )?.abs_path;
      const debugId = typeof id === 'string' ? uuid(id) : undefined;
      if (path !== undefined && debugId !== undefined) this.ids.set(path, debugId);
    }
  }
}

function entriesOf(registry: unknown): [string, unknown][] {
  if (typeof registry !== 'object' || registry === null) return [];
  try {
    return Object.keys(registry).map((stack) => [stack, safeRead(registry, stack)]);
  } catch {
    return [];
  }
}

/** With dashes, in lower case. */
function uuid(text: string): string | undefined {
  if (!UUID.test(text)) return undefined;
  const hex = text.replaceAll('-', '').toLowerCase();
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
