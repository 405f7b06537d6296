/** Where a frame is, as a line of a V8 stack says it. */
export interface FrameLocation {
  /** Full path or URL; a `file:` URL is given as the path it stands for. Undefined for native and anonymous code. */
  path?: string;
  line?: number;
  column?: number;
}

const POSITION = /:(\d{1,9}):(\d{1,9})$/;
const LINE_ONLY = /:(\d{1,9})$/;

/** Reads what stands in a frame's parentheses: a file, `node:…`, `native`, or where an `eval` was called. */
export function frameLocation(text: string): FrameLocation {
  if (text.startsWith('eval at ')) return frameLocation(evalOrigin(text));
  const position = POSITION.exec(text);
  if (position) {
    const path = text.slice(0, position.index);
    return { ...pathOf(path), line: Number(position[1]), column: Number(position[2]) };
  }
  const line = LINE_ONLY.exec(text);
  if (line) return { ...pathOf(text.slice(0, line.index)), line: Number(line[1]) };
  return pathOf(text);
}

/** `eval at a (eval at b (/x.js:1:2), <anonymous>:1:1), …`: the file whose code called `eval`. */
function evalOrigin(text: string): string {
  let origin = text;
  while (origin.startsWith('eval at ')) {
    const open = locationStart(origin);
    if (open === -1) return '<anonymous>';
    origin = origin.slice(open);
  }
  const close = origin.indexOf('), ');
  let end = close === -1 ? origin.length : close;
  while (origin[end - 1] === ')') end -= 1;
  return origin.slice(0, end);
}

/** What a location begins with, after the parenthesis: names of functions and of folders may have some, too. */
const LOCATION_START = / \((?=\/|\\\\|[A-Za-z][\w+.-]*:|<|native\)|index \d|eval at )/;

/** Where the location begins in `name (location)`; -1 where there is none. */
export function locationStart(text: string): number {
  const marked = LOCATION_START.exec(text);
  const open = marked ? marked.index : text.indexOf(' (');
  return open === -1 ? -1 : open + 2;
}

function pathOf(text: string): { path?: string } {
  if (text === '' || text === 'native' || text.startsWith('<') || text.startsWith('index ')) return {};
  // All of a module's code.
  if (text.startsWith('data:')) return { path: text.split(',', 1)[0] };
  if (!text.startsWith('file://')) return { path: text };
  // What follows a question mark tells loads of one file apart; one in the file's name is percent-encoded.
  const path = decoded(text.slice('file://'.length).split(/[?#]/, 1)[0]);
  // file:///C:/a.js stands for C:/a.js
  if (/^\/[A-Za-z]:/.test(path)) return { path: path.slice(1) };
  // file://server/share/a.js
  return { path: path.startsWith('/') ? path : `//${path}` };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
