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
  const open = text.lastIndexOf(' (');
  if (open === -1) return '<anonymous>';
  const close = text.indexOf('), ', open);
  return text.slice(open + 2, close === -1 ? undefined : close).replace(/\)+$/, '');
}

function pathOf(text: string): { path?: string } {
  if (text === '' || text === 'native' || text.startsWith('<') || text.startsWith('index ')) return {};
  if (!text.startsWith('file://')) return { path: text };
  const path = decoded(text.slice('file://'.length));
  // file:///C:/a.js stands for C:/a.js
  return { path: /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
