const DEPTHS = [10, 25, 50, 100, 200];

/** Frames of the error's stack, no two alike; as many are kept (`Error.stackTraceLimit`). */
export const curve = {
  name: 'stack-depth',
  title: 'Depth of the stack',
  x: { label: 'frames', values: DEPTHS },
  y: { label: 'CPU per request', unit: 'µs' },
  series: [
    { name: 'throwing route', fails: true },
    { name: 'throwing route, bare', isBare: true, fails: true },
  ],
  app: () => ({ maxDepth: DEPTHS.at(-1) }),
  point: (depth) => ({ task: { depth }, requests: 300 }),
};
