import { collapseFrames } from '../event/collapse-frames';
import { isShared, shareFrame, stackTracesOf, withOwnFrames } from '../protocol/shared-frames';
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
const MINIFIED = /^(?:(?:Object|[A-Za-z_$][\w$]?)\.)?[A-Za-z_$][\w$]?$/;

/** The stacks of an event, and what is known of their frames, the most telling first. */
interface Look {
  stacks: StackTrace[];
  views: Map<StackFrame, FrameView>;
  /** What has to be loaded to know more. */
  needs: Map<string, Need>;
}

/** Shows frames as the source they were made of, with the lines around, and adds the debug ids of the others. */
export class FrameSources implements Enrichment {
  private readonly resolver: FrameResolver;
  private readonly registered: RegisteredDebugIds;
  /** What stands in a frame is true of it only once. */
  private readonly done = new WeakSet<RavenEvent>();
  private readonly shownFrames = new WeakMap<StackFrame, { view: FrameView; shown: StackFrame }>();

  constructor(
    private readonly options: FrameResolverOptions,
    private readonly startTimer: SetTimer = setTimer,
  ) {
    this.resolver = new FrameResolver(options);
    this.registered = new RegisteredDebugIds(options.frames);
  }

  enrich(event: RavenEvent): Promise<void> | undefined {
    return quietly(() => {
      const look = this.look(event);
      if (look.needs.size > 0) return this.fill(event, look);
      this.finish(event, look);
      return undefined;
    });
  }

  enrichNow(event: RavenEvent): void {
    quietly(() => {
      let look = this.look(event);
      for (let round = 0; round < MAX_ROUNDS && look.needs.size > 0; round++) {
        for (const need of look.needs.values()) need.loadNow();
        look = this.look(event);
      }
      this.finish(event, look);
    });
  }

  /** Waits for what has to be read, but not for a disk that hangs. */
  private async fill(event: RavenEvent, first: Look): Promise<void> {
    let look = first;
    let cancel: (() => void) | undefined;
    let isLate = false;
    const late = new Promise<void>((resolve) => {
      cancel = this.startTimer(() => {
        isLate = true;
        resolve();
      }, MAX_WAIT_MS);
    });
    for (let round = 0; round < MAX_ROUNDS && look.needs.size > 0 && !isLate; round++) {
      const loading = Promise.all([...look.needs.values()].map((need) => need.load()));
      await Promise.race([loading, late]);
      if (isLate) this.resolver.giveUp();
      look = quietly(() => this.look(event)) ?? look;
    }
    cancel?.();
    quietly(() => this.finish(event, look));
  }

  private look(event: RavenEvent): Look {
    const stacks = stackTracesOf(event);
    const length = stacks.reduce((sum, { frames }) => sum + frames.length, 0);
    // A function that calls itself has the same frame many times, and not all of them get their lines.
    if (length > MAX_FRAMES_WITH_LINES) withOwnFrames(event);
    const look: Look = { stacks, views: new Map(), needs: new Map() };
    if (this.options.contextLines === 0 && !this.options.sourceMaps) return look;
    for (const frame of inOrder(stacks)) {
      if (look.views.has(frame) || !isToldOf(frame)) continue;
      const view = this.resolver.view(frame, look.needs);
      if (view) look.views.set(frame, view);
    }
    return look;
  }

  private finish(event: RavenEvent, { stacks, views }: Look): void {
    if (this.done.has(event)) return;
    this.done.add(event);
    if (!this.registered.areAny && views.size === 0) return;
    const withoutLines = beyondLines(views);
    const ids = new Map<string, string>();
    for (const stacktrace of stacks) {
      const { frames } = stacktrace;
      let isMapped = false;
      stacktrace.frames = frames.map((frame, index) => {
        const view = views.get(frame);
        const shown = view ? this.shown(frame, view, !withoutLines.has(frame)) : frame;
        const id = view?.debugId ?? this.registered.of(shown?.abs_path);
        if (id !== undefined && shown.abs_path !== undefined) ids.set(shown.abs_path, id);
        if (!view?.original) return shown;
        isMapped = true;
        return named(shown, views.get(frames[index - 1])?.calls);
      });
      // In a bundle, Nest's frames are known only by what they were made of.
      if (isMapped && this.options.frames.collapse) {
        stacktrace.frames = collapseFrames(stacktrace.frames, this.options.frames);
      }
    }
    if (ids.size > 0) addImages(event, ids);
  }

  /** What is shown of a frame that events have in common is one that they have in common, too. */
  private shown(frame: StackFrame, view: FrameView, hasLines: boolean): StackFrame {
    if (!isShared(frame)) return withView(frame, view, hasLines);
    const known = this.shownFrames.get(frame);
    if (known?.view === view) return known.shown;
    const shown = shareFrame(withView(Object.assign({}, frame), view, true));
    this.shownFrames.set(frame, { view, shown });
    return shown;
  }
}

/** The frames that are shown without their lines. */
function beyondLines(views: ReadonlyMap<StackFrame, FrameView>): ReadonlySet<StackFrame> {
  if (views.size <= MAX_FRAMES_WITH_LINES) return new Set();
  const withLines = [...views].filter(([, { context }]) => context !== undefined);
  return new Set(withLines.slice(MAX_FRAMES_WITH_LINES).map(([frame]) => frame));
}

function withView(frame: StackFrame, { original, context }: FrameView, hasLines: boolean): StackFrame {
  if (original) Object.assign(frame, original);
  if (!context || !hasLines) return frame;
  frame.pre_context = context.pre_context.slice();
  frame.context_line = context.context_line;
  frame.post_context = context.post_context.slice();
  return frame;
}

/** A minified function is called by its original name where its caller was mapped. */
function named(frame: StackFrame, calls: string | undefined): StackFrame {
  if (calls === undefined || !MINIFIED.test(frame.function ?? '')) return frame;
  return { ...frame, function: calls };
}

/** For files that frames still name: a server finds their maps by the ids. */
function addImages(event: RavenEvent, ids: Map<string, string>): void {
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

/** Whatever a processor has left there: what is no stack goes as it is. */
function quietly<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** Frames that have their lines already are the app's own work. */
function isToldOf({ abs_path, lineno, colno, context_line }: StackFrame): boolean {
  return (
    context_line === undefined &&
    typeof abs_path === 'string' &&
    Number.isSafeInteger(lineno) &&
    (colno === undefined || Number.isSafeInteger(colno))
  );
}

/** What tells most comes first: the app's own frames before others, the last error before its causes, the throw before callers. */
function inOrder(stacks: readonly StackTrace[]): StackFrame[] {
  const own: StackFrame[] = [];
  const foreign: StackFrame[] = [];
  for (const { frames } of stacks.toReversed()) {
    for (let index = frames.length - 1; index >= 0; index--) {
      const frame = frames[index];
      if (typeof frame === 'object' && frame !== null) (frame.in_app === true ? own : foreign).push(frame);
    }
  }
  return own.concat(foreign).slice(0, MAX_FRAMES);
}
