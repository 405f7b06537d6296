import { collapseFrames } from '../event/collapse-frames';
import type { FrameOptions } from '../event/stack-frames';
import { RegisteredDebugIds } from '../sources/debug-ids';
import {
  FrameResolver,
  type FrameResolverOptions,
  type FrameView,
  type Need,
} from '../sources/frame-resolver';
import type { DebugImage, RavenEvent, StackFrame, StackTrace } from '../protocol/event';
import { setTimer, type SetTimer } from '../transport/set-timer';
import type { Enrichment } from './enrichment';

/** The app's own come first, and of these what is nearest to the throw. */
const MAX_FRAMES_WITH_LINES = 50;
/** Of all stacks of an event. */
const MAX_FRAMES = 500;
/** A map is known after its file, and what it names after the map; a bundle's program may come before. */
const MAX_ROUNDS = 6;
const MAX_WAIT_MS = 3000;
/** What minifiers make of a name. */
const MINIFIED = /^((?:Object|[A-Za-z_$][\w$]?)\.)?[A-Za-z_$][\w$]?$/;

/** Shows frames as the source they were made of, with the lines around, and adds the debug ids of the others. */
export class FrameSources implements Enrichment {
  private readonly resolver: FrameResolver;
  private readonly registered: RegisteredDebugIds;
  /** What stands in a frame is true of it only once. */
  private readonly done = new WeakSet<RavenEvent>();

  constructor(
    private readonly options: FrameResolverOptions,
    private readonly startTimer: SetTimer = setTimer,
  ) {
    this.resolver = new FrameResolver(options);
    this.registered = new RegisteredDebugIds(options.frames);
  }

  enrich(event: RavenEvent): Promise<void> | undefined {
    try {
      const frames = this.framesToLookAt(event);
      if (this.needsOf(frames).size > 0) return this.fill(event, frames);
    } catch {
      // Whatever a processor left there is no stack.
      return undefined;
    }
    this.finish(event);
    return undefined;
  }

  enrichNow(event: RavenEvent): void {
    try {
      const frames = this.framesToLookAt(event);
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const needs = this.needsOf(frames);
        if (needs.size === 0) break;
        for (const need of needs.values()) need.loadNow();
      }
    } catch {
      return;
    }
    this.finish(event);
  }

  /** Waits for what has to be read, but not for a disk that hangs. */
  private async fill(event: RavenEvent, frames: readonly StackFrame[]): Promise<void> {
    let cancel: (() => void) | undefined;
    let isLate = false;
    const late = new Promise<void>((resolve) => {
      cancel = this.startTimer(() => {
        isLate = true;
        resolve();
      }, MAX_WAIT_MS);
    });
    const loaded = async (): Promise<void> => {
      for (let round = 0; round < MAX_ROUNDS && !isLate; round++) {
        const needs = this.needsOf(frames);
        if (needs.size === 0) return;
        await Promise.all([...needs.values()].map((need) => need.load()));
      }
    };
    try {
      await Promise.race([loaded(), late]);
    } catch {
      // It goes with what is there.
    }
    cancel?.();
    if (isLate) this.resolver.giveUp();
    this.finish(event);
  }

  private needsOf(frames: readonly StackFrame[]): Map<string, Need> {
    const needs = new Map<string, Need>();
    for (const frame of frames) this.resolver.view(frame, needs);
    return needs;
  }

  private framesToLookAt(event: RavenEvent): StackFrame[] {
    if (this.options.contextLines === 0 && !this.options.sourceMaps) return [];
    return inOrder(stacksOf(event));
  }

  private finish(event: RavenEvent): void {
    if (this.done.has(event)) return;
    this.done.add(event);
    try {
      this.apply(event);
    } catch {
      // As above.
    }
  }

  private apply(event: RavenEvent): void {
    const frames = this.framesToLookAt(event);
    const withLines = new Set(frames.slice(0, MAX_FRAMES_WITH_LINES));
    const views = new Map<StackFrame, FrameView>();
    const needs = new Map<string, Need>();
    for (const frame of frames) {
      const view = this.resolver.view(frame, needs);
      if (view) views.set(frame, view);
    }
    const stacks = stacksOf(event);
    for (const stack of stacks) nameFunctions(stack, views);
    for (const [frame, { original, context }] of views) {
      Object.assign(frame, original);
      if (context && withLines.has(frame)) {
        frame.pre_context = [...context.pre_context];
        frame.context_line = context.context_line;
        frame.post_context = [...context.post_context];
      }
    }
    this.addImages(event, stacks, views);
    if (this.options.frames.collapse) collapseMapped(event, views, this.options.frames);
  }

  /** For files that frames still name: a server finds their maps by the ids. */
  private addImages(
    event: RavenEvent,
    stacks: readonly StackFrame[][],
    views: ReadonlyMap<StackFrame, FrameView>,
  ): void {
    this.registered.refresh();
    const ids = new Map<string, string>();
    for (const frame of stacks.flat()) {
      if (frame.abs_path === undefined || ids.has(frame.abs_path)) continue;
      const id = views.get(frame)?.debugId ?? this.registered.of(frame.abs_path);
      if (id !== undefined) ids.set(frame.abs_path, id);
    }
    const given: unknown = event.debug_meta?.images;
    const images = Array.isArray(given) ? (given as DebugImage[]) : [];
    for (const image of images) ids.delete(image.code_file);
    if (ids.size === 0) return;
    const added = [...ids].map(([code_file, debug_id]): DebugImage => ({
      type: 'sourcemap',
      code_file,
      debug_id,
    }));
    event.debug_meta = { ...event.debug_meta, images: [...images, ...added] };
  }
}

/** A minified function is called by its original name where its caller was mapped. */
function nameFunctions(stack: readonly StackFrame[], views: ReadonlyMap<StackFrame, FrameView>): void {
  stack.forEach((frame, index) => {
    const caller = index > 0 ? views.get(stack[index - 1]) : undefined;
    const minified = caller?.calls !== undefined && MINIFIED.exec(frame.function ?? '');
    if (minified && views.get(frame)?.original) frame.function = caller.calls;
  });
}

/** In a bundle, Nest's frames are known only by what they were made of. */
function collapseMapped(
  event: RavenEvent,
  views: ReadonlyMap<StackFrame, FrameView>,
  options: FrameOptions,
): void {
  const holders: { stacktrace?: StackTrace }[] = [
    event as { stacktrace?: StackTrace },
    ...(event.exception?.values ?? []),
    ...(event.threads?.values ?? []),
  ];
  for (const { stacktrace } of holders) {
    if (stacktrace?.frames.some((frame) => views.get(frame)?.original)) {
      stacktrace.frames = collapseFrames(stacktrace.frames, options);
    }
  }
}

/** All stacks of an event. Whoever wrote them, only what has the form of a frame is one. */
function stacksOf(event: RavenEvent): StackFrame[][] {
  const holders: unknown[] = [...listOf(event.threads?.values), event, ...listOf(event.exception?.values)];
  return holders.map((holder) => {
    const { stacktrace } = (holder ?? {}) as { stacktrace?: { frames?: unknown } | null };
    return listOf(stacktrace?.frames).filter(isFrame);
  });
}

function listOf(list: unknown): unknown[] {
  return Array.isArray(list) ? (list as unknown[]) : [];
}

/** Those that have their lines already are the app's own work. */
function isFrame(value: unknown): value is StackFrame {
  if (typeof value !== 'object' || value === null) return false;
  const { abs_path, lineno, colno, context_line } = value as Record<string, unknown>;
  return (
    typeof abs_path === 'string' &&
    Number.isSafeInteger(lineno) &&
    (colno === undefined || Number.isSafeInteger(colno)) &&
    context_line === undefined
  );
}

/** What tells most comes first: the app's own frames before others, the last error before its causes, the throw before callers. */
function inOrder(stacks: readonly StackFrame[][]): StackFrame[] {
  const frames = stacks.flat().reverse();
  const isApp = ({ in_app }: StackFrame): boolean => in_app === true;
  return [...frames.filter(isApp), ...frames.filter((frame) => !isApp(frame))].slice(0, MAX_FRAMES);
}
