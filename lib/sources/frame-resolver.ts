import { isShared } from '../protocol/shared-frames';
import { frameNames, type FrameOptions } from '../event/stack-frames';
import type { StackFrame } from '../protocol/event';
import { BoundedReader } from './bounded-reader';
import { contextLines, type ContextLines } from './context-lines';
import { FileCache, type CachedFile } from './file-cache';
import { loadedPackageFiles, sourceInPackage } from './loaded-package-files';
import { isBundledName, originalSource } from './original-path';
import { isReadable, readSource, type SourceReader } from './read-source';
import { SourceFile } from './source-file';
import { SourceMap, type OriginalPosition } from './source-map';

/** How the files of frames are found and shown. */
export interface FrameResolverOptions {
  frames: FrameOptions;
  /** Lines before and after that of a frame; with 0 there are none. */
  contextLines: number;
  sourceMaps: boolean;
  /** Milliseconds. */
  now: () => number;
  /** The file that the process was started with: a bundle has its maps there. */
  program: string | undefined;
  reader?: SourceReader;
}

/** What is known of the code at a position. */
export interface FrameView {
  /** Where the code was written, if that is elsewhere. */
  original?: Pick<StackFrame, 'filename' | 'abs_path' | 'module' | 'in_app' | 'lineno' | 'colno'>;
  context?: ContextLines;
  /** Of the file, where it is not shown as what it was made of. */
  debugId?: string;
  /** The original name of the function that is called there. */
  calls?: string;
}

/** A file that has to be loaded before more can be told. */
export interface Need {
  load(): Promise<void>;
  loadNow(): void;
}

type AnyCache = FileCache<SourceFile> | FileCache<SourceMap>;
type Position = Required<Pick<StackFrame, 'abs_path' | 'lineno'>> & Pick<StackFrame, 'colno' | 'in_app'>;

/** A view, and what it was made of. */
interface Memo {
  view: FrameView;
  uses: { cache: AnyCache; path: string; file: CachedFile<unknown> }[];
}

const MIB = 1024 * 1024;
const CODE_LIMITS = {
  maxEntries: 1000,
  maxBytes: 32 * MIB,
  maxFileBytes: 8 * MIB,
  maxFileBytesNow: MIB,
};
const MAP_LIMITS = {
  maxEntries: 1000,
  maxBytes: 64 * MIB,
  maxFileBytes: 32 * MIB,
  maxFileBytesNow: 4 * MIB,
};
const MAX_MEMOS = 1000;
/** How bundlers name code in an `eval`. */
const EVALUATED = /^webpack-internal:|\?$/;
const PACKAGE = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/;

/** Tells of positions in code what stands there, and where it was written. Never throws. */
export class FrameResolver {
  private readonly reader: BoundedReader;
  private readonly codes: FileCache<SourceFile>;
  private readonly maps: FileCache<SourceMap>;
  private readonly memos = new Map<string, Memo>();
  /** The same, by frames that events have in common. */
  private readonly memoOfFrame = new WeakMap<StackFrame, Memo>();

  constructor(private readonly options: FrameResolverOptions) {
    this.reader = new BoundedReader(options.reader ?? readSource);
    this.codes = new FileCache(
      this.reader,
      (file, path) => new SourceFile(file, path),
      CODE_LIMITS,
      options.now,
    );
    this.maps = new FileCache(
      this.reader,
      ({ text, isWhole }) => (isWhole ? SourceMap.parse(text) : undefined),
      MAP_LIMITS,
      options.now,
    );
  }

  /**
   * What can be told now.
   *
   * @param needs - gets what has to be loaded to tell more, or to tell whether it still holds
   */
  view(frame: StackFrame, needs: Map<string, Need>): FrameView | undefined {
    const known = this.memoOfFrame.get(frame);
    if (known && areCurrent(known)) return this.told(known, needs);
    const { abs_path, lineno, colno, in_app } = frame;
    if (abs_path === undefined || lineno === undefined) return undefined;
    if (!isReadable(abs_path) && !isBundledName(abs_path)) return undefined;
    const key = `${abs_path}:${lineno}:${colno}:${in_app}`;
    const memo = this.memos.get(key);
    if (memo && areCurrent(memo)) {
      if (isShared(frame)) this.memoOfFrame.set(frame, memo);
      return this.told(memo, needs);
    }
    const made = this.make({ abs_path, lineno, colno, in_app }, needs);
    this.memos.delete(key);
    if (made.isComplete) this.keep(key, made);
    return made.view;
  }

  private told({ view, uses }: Memo, needs: Map<string, Need>): FrameView {
    for (const { cache, path, file } of uses) if (!cache.isFresh(file)) addNeed(needs, cache, path);
    return view;
  }

  /** Waits no longer for what is being loaded. */
  giveUp(): void {
    this.reader.giveUp();
    this.codes.giveUp();
    this.maps.giveUp();
  }

  private keep(key: string, memo: Memo): void {
    this.memos.set(key, memo);
    for (const oldest of this.memos.keys()) {
      if (this.memos.size <= MAX_MEMOS) break;
      this.memos.delete(oldest);
    }
  }

  private make(position: Position, needs: Map<string, Need>): Memo & { isComplete: boolean } {
    const memo = { view: {} as FrameView, uses: [] as Memo['uses'], isComplete: true };
    const use = <T extends SourceFile | SourceMap>(cache: FileCache<T>, path: string): T | undefined => {
      if (!isReadable(path)) return undefined;
      const isAtHand = cache.get(path) !== undefined;
      const file = cache.getAnyway(path);
      if (!isAtHand) {
        memo.isComplete = false;
        addNeed(needs, cache as AnyCache, path);
      }
      if (file) memo.uses.push({ cache: cache as AnyCache, path, file });
      return file?.content;
    };
    memo.view = isBundledName(position.abs_path) ? this.bundled(position, use) : this.located(position, use);
    return memo;
  }

  private located({ abs_path: path, lineno, colno, in_app }: Position, use: Use): FrameView {
    const code = use(this.codes, path);
    if (!code)
      return this.codes.get(path) ? this.inPackage({ abs_path: path, lineno, colno, in_app }, use) : {};
    const asItIs = { context: this.context(code.lines, lineno, colno), debugId: code.debugId };
    // What packages ship is what the app runs; their sources are mostly not there.
    const inPackage = PACKAGE.exec(path)?.[0];
    if (!this.options.sourceMaps || (inPackage !== undefined && in_app !== true)) return asItIs;
    const mapPath = code.mapPath ?? `${path}.map`;
    const map = code.map ?? this.mapIn(mapPath, path, code.mapPath !== undefined, use);
    const position = map?.trace(lineno, colno);
    if (!position) return asItIs;
    const root = inPackage ?? this.options.frames.root;
    const source = originalSource(position.source, code.map ? path : mapPath, root);
    if (!source) return asItIs;
    const lines =
      position.text?.split('\n') ?? ('path' in source ? use(this.codes, source.path)?.lines : undefined);
    if (lines && lines.length > 0 && !isIn(lines, position)) return asItIs;
    const names =
      'path' in source ? frameNames(source.path, this.options.frames) : ownNames(source.own, position.source);
    return {
      original: {
        ...names,
        in_app: names.in_app && in_app !== false,
        lineno: position.line,
        colno: position.column,
      },
      context: lines && this.context(lines, position.line, position.column),
      calls: lines && calledAt(lines, position),
    };
  }

  /** Node maps frames of packages, too, and by maps that name paths where nothing is, as those of typeorm. */
  private inPackage({ abs_path: path, lineno, colno, in_app }: Position, use: Use): FrameView {
    if (!this.options.sourceMaps || in_app !== true || PACKAGE.test(path)) return {};
    const { frames } = this.options;
    for (const file of loadedPackageFiles(path)) {
      const code = use(this.codes, file);
      const mapPath = code?.mapPath ?? `${file}.map`;
      const map = code?.map ?? (code && this.mapIn(mapPath, file, code.mapPath !== undefined, use));
      const isWanted = (name: string): boolean => {
        const source = originalSource(name, code?.map ? file : mapPath, frames.root);
        return source !== undefined && 'path' in source && source.path === path;
      };
      if (!map?.has(isWanted)) continue;
      const lines = map.textOf(isWanted)?.split('\n');
      return {
        original: { ...frameNames(sourceInPackage(file, path), frames), lineno, colno },
        context: lines && this.context(lines, lineno, colno),
      };
    }
    return {};
  }

  /** A map beside the file that does not name it has to be that of the file. */
  private mapIn(mapPath: string, path: string, isNamed: boolean, use: Use): SourceMap | undefined {
    if (!isNamed && !/\.[cm]?js$/.test(path)) return undefined;
    const map = use(this.maps, mapPath);
    if (isNamed || map?.file === undefined) return map;
    return /[^\\/]*$/.exec(map.file)?.[0] === /[^\\/]*$/.exec(path)?.[0] ? map : undefined;
  }

  /** A stack that was mapped already has the bundler's names; of code in an `eval` the lines are not those of a file. */
  private bundled({ abs_path, lineno, colno, in_app }: Position, use: Use): FrameView {
    const { root } = this.options.frames;
    const source = originalSource(abs_path, '', root);
    if (!source) return {};
    if ('own' in source) return { original: ownNames(source.own, abs_path) };
    const names = frameNames(source.path, this.options.frames);
    const original = { ...names, in_app: names.in_app && in_app !== false };
    if (EVALUATED.test(abs_path)) return { original: { ...original, abs_path } };
    const lines = use(this.codes, source.path)?.lines ?? this.linesInMaps(source.path, use);
    return { original, context: lines && this.context(lines, lineno, colno) };
  }

  private linesInMaps(path: string, use: Use): string[] | undefined {
    const { program, frames } = this.options;
    const isWanted = (source: string): boolean => {
      const found = originalSource(source, '', frames.root);
      return found !== undefined && 'path' in found && found.path === path;
    };
    if (program !== undefined) {
      const code = use(this.codes, program);
      if (code && !code.map) use(this.maps, code.mapPath ?? `${program}.map`);
    }
    const maps = [...this.maps.contents(), ...this.codes.contents().flatMap(({ map }) => map ?? [])];
    for (const map of maps) {
      const text = map.textOf(isWanted);
      if (text !== undefined) return text.split('\n');
    }
    return undefined;
  }

  private context(
    lines: readonly string[],
    line: number,
    column: number | undefined,
  ): ContextLines | undefined {
    return contextLines(lines, line, column, this.options.contextLines);
  }
}

function areCurrent({ uses }: Memo): boolean {
  return uses.every(({ file }) => file.isCurrent);
}

type Use = <T extends SourceFile | SourceMap>(cache: FileCache<T>, path: string) => T | undefined;

function addNeed(needs: Map<string, Need>, cache: AnyCache, path: string): void {
  needs.set(path, { load: () => cache.load(path), loadNow: () => cache.loadNow(path) });
}

/** A map that points to nowhere is that of another build. */
function isIn(lines: readonly string[], { line, column }: OriginalPosition): boolean {
  return line <= lines.length && column - 1 <= lines[line - 1].length;
}

/** The original name where it is called: a token may also stand for something else. */
function calledAt(lines: readonly string[], { line, column, name }: OriginalPosition): string | undefined {
  if (name === undefined || !lines[line - 1].startsWith(name, column - 1)) return undefined;
  const after = lines[line - 1].slice(column - 1 + name.length, column - 1 + name.length + 8);
  return /^\s*(?:\?\.)?\(/.test(after) ? name : undefined;
}

function ownNames(
  own: string,
  absPath: string,
): Required<Pick<StackFrame, 'filename' | 'abs_path' | 'module' | 'in_app'>> {
  return { filename: own, abs_path: absPath, module: own, in_app: false };
}
