const ROWS = 40;

/** Prints a sampling heap profile: KiB a capture by function, what it allocates itself and with all that it calls. */
export function printSites({ head }, captures) {
  const own = new Map();
  const total = new Map();
  const add = (map, key, bytes) => map.set(key, (map.get(key) ?? 0) + bytes);
  /** What a built-in function allocates is told by its caller. */
  const walk = ({ callFrame, selfSize, children }, path, caller) => {
    const isBuiltIn = callFrame.url === '';
    const key = isBuiltIn ? `${caller} » ${callFrame.functionName}` : nameOf(callFrame);
    add(own, key, selfSize);
    const isNested = path.has(key);
    path.add(key);
    let bytes = selfSize;
    for (const child of children) bytes += walk(child, path, isBuiltIn ? caller : key);
    if (!isNested) {
      path.delete(key);
      add(total, key, bytes);
    }
    return bytes;
  };
  walk(head, new Set(), '');
  show('own', own, captures);
  show('with all that it calls', total, captures);
}

function nameOf({ functionName, url, lineNumber }) {
  return `${functionName || '(anonymous)'} ${url.replace(/^.*\/(dist|build|node_modules)\//, '')}:${lineNumber + 1}`;
}

function show(title, map, captures) {
  console.log(`\n${title}, KiB a capture`);
  const rows = [...map].sort(([, a], [, b]) => b - a).slice(0, ROWS);
  for (const [key, bytes] of rows) console.log(`${(bytes / captures / 1024).toFixed(2).padStart(8)}  ${key}`);
}
