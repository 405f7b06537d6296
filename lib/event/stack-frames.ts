import type { StackFrame } from '../protocol/event';
import { cutText } from './cut-text';
import { knownFrame } from './frame-cache';
import { frameLocation, locationStart } from './frame-location';
import { startingPart } from '../protocol/shared-frames';

/** How frames are named, and which are the app's own. */
export interface FrameOptions {
  /** The project's root: file names are relative to it. */
  root: string;
  /** The root of the monorepo around it: names of files outside of the project are relative to that. */
  workspaceRoot?: string;
  /** Path prefixes or package names whose frames are the app's own. */
  includePaths: readonly string[];
  /** Path prefixes or package names whose frames are not; they win. */
  excludePaths: readonly string[];
  /** Where this package's own code is: never the app's. Undefined where it is in the same files. */
  ownDirectory?: string;
  /** Whether frames of Nest in a row are collapsed. */
  collapse?: boolean;
  /** Gives the frames of an error's stack their local variables, where they are known. */
  addLocals?(error: unknown, frames: readonly StackFrame[]): void;
}

/** More than servers keep: some are collapsed. */
const MAX_READ_FRAMES = 1000;
/** Longer lines are no frames; reading them would only cost time. */
const MAX_LINE_LENGTH = 4096;
/** Of functions and files: what servers keep. */
const MAX_NAME_LENGTH = 256;
const ANONYMOUS = '<anonymous>';
/** Node's own code, what it puts around the code of `-e`, and WebAssembly. */
const NODES_OWN = /^(?:node:|wasm:|\[(?:worker )?eval\]-wrapper$)/;

/**
 * The frames of a V8 stack: the caller first, the frame that threw last. At most 1000, those nearest to the throw.
 * A frame that another one awaited begins a part of its own: `stack_start`. None of them may be changed; see `ownFrame`.
 *
 * @param stack - `error.stack`
 * @param message - the error's message, where it is known: its lines are never taken for frames
 */
export function parseStack(stack: string, options: FrameOptions, message = ''): StackFrame[] {
  const frames: StackFrame[] = [];
  const read = (line: string): StackFrame => parseLine(line, options);
  let start = endOfHead(stack, message);
  while (start < stack.length && frames.length < MAX_READ_FRAMES) {
    const lineBreak = stack.indexOf('\n', start);
    const end = lineBreak === -1 ? stack.length : lineBreak;
    if (end - start <= MAX_LINE_LENGTH) {
      const line = stack.slice(start, end).trim();
      const frame = line.startsWith('at ') ? knownFrame(line, options, read) : undefined;
      if (frame) {
        const awaited = frames.at(-1);
        if (awaited && isAsync(line)) frames[frames.length - 1] = startingPart(awaited);
        frames.push(frame);
      }
    }
    start = end + 1;
  }
  return frames.reverse();
}

/** The name stands before the message, and both before the frames; a message may span lines. */
function endOfHead(stack: string, message: string): number {
  if (message === '') return 0;
  const frames = stack.search(/\n\s{0,16}at /);
  // No further than a name is long: looking for a long message in a long stack takes its time.
  const last = Math.min(frames === -1 ? stack.length : frames, MAX_NAME_LENGTH);
  const position = stack.slice(0, last + message.length).indexOf(message);
  return position === -1 || position > last ? 0 : position + message.length;
}

const AWAITING = 'at async ';

/** A function may be named `async`, too. */
function isAsync(line: string): boolean {
  return line.startsWith(AWAITING) && line[AWAITING.length] !== '(';
}

function parseLine(line: string, options: FrameOptions): StackFrame {
  const rest = line.slice(isAsync(line) ? AWAITING.length : 'at '.length);
  const location = rest.endsWith(')') ? locationStart(rest) : -1;
  if (location === -1) return frameOf(ANONYMOUS, rest, options);
  return frameOf(withoutAlias(rest.slice(0, location - 2)), rest.slice(location, -1), options);
}

/** `Orders.handle [as callback]`: the name in brackets is the one it was called by. */
function withoutAlias(name: string): string {
  const alias = name.endsWith(']') ? name.lastIndexOf(' [as ') : -1;
  return alias === -1 ? name : name.slice(0, alias);
}

function frameOf(name: string, location: string, options: FrameOptions): StackFrame {
  const { path, line, column } = frameLocation(location);
  const frame: StackFrame = { function: cutText(name, MAX_NAME_LENGTH) };
  if (path === undefined) {
    frame.filename = location.startsWith('<') || location === 'native' ? location : ANONYMOUS;
    frame.in_app = false;
    return frame;
  }
  Object.assign(frame, frameNames(path, options));
  if (line !== undefined) frame.lineno = line;
  if (column !== undefined) frame.colno = column;
  return frame;
}

/** What the path of a frame's file tells of the frame. */
export function frameNames(
  path: string,
  options: FrameOptions,
): Required<Pick<StackFrame, 'filename' | 'abs_path' | 'module' | 'in_app'>> {
  const plain = withSlashes(path);
  const filename = fileName(plain, options);
  return {
    filename,
    abs_path: path,
    module: moduleName(plain, filename),
    in_app: isInApp(plain, filename, options),
  };
}

/** Stable between machines: relative to the project, or to the monorepo, or from the innermost `node_modules` on. */
function fileName(path: string, { root, workspaceRoot }: FrameOptions): string {
  const name = below(path, root) ?? below(path, workspaceRoot) ?? path;
  const packages = `/${name}`.lastIndexOf('/node_modules/');
  return withEnd(packages === -1 ? name : name.slice(packages));
}

/** In the length that servers keep; of a path the end tells more. */
function withEnd(path: string): string {
  return path.length <= MAX_NAME_LENGTH ? path : `...${path.slice(3 - MAX_NAME_LENGTH)}`;
}

function below(path: string, folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  const base = withSlashes(folder);
  if (!path.startsWith(base)) return undefined;
  if (base.endsWith('/')) return path.slice(base.length);
  return path[base.length] === '/' ? path.slice(base.length + 1) : undefined;
}

/** `@nestjs/core/router/router-proxy` of a package, `src.orders.service` of the app's own. */
function moduleName(path: string, filename: string): string {
  const bare = filename.replace(/\.[cm]?[jt]sx?$/, '');
  if (filename.startsWith('node_modules/')) return bare.slice('node_modules/'.length);
  return path.startsWith('node:') ? bare : bare.replace(/^\/+/, '').replaceAll('/', '.');
}

function isInApp(path: string, filename: string, options: FrameOptions): boolean {
  const matches = (entries: readonly string[]): boolean =>
    entries
      .map(withSlashes)
      .some(
        (entry) =>
          path.startsWith(entry) ||
          filename.startsWith(entry) ||
          filename === `node_modules/${entry}` ||
          filename.startsWith(`node_modules/${entry}/`),
      );
  if (options.excludePaths.length > 0 && matches(options.excludePaths)) return false;
  if (options.includePaths.length > 0 && matches(options.includePaths)) return true;
  if (filename.startsWith('node_modules/') || NODES_OWN.test(path)) return false;
  return !isOwn(path, options);
}

/** Whether a path is one of this package's own. */
export function isOwn(path: string, { ownDirectory }: Pick<FrameOptions, 'ownDirectory'>): boolean {
  return ownDirectory !== undefined && withSlashes(path).startsWith(`${withSlashes(ownDirectory)}/`);
}

/** With the slashes of URLs, and drives in capitals: both are written either way on Windows. */
function withSlashes(path: string): string {
  const plain = path.includes('\\') ? path.replaceAll('\\', '/') : path;
  return plain[1] === ':' ? plain[0].toUpperCase() + plain.slice(1) : plain;
}
