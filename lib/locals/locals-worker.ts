/** What the worker thread is started with. */
export interface LocalsWorkerData {
  /** The key, for `Symbol.for`, by which `process` has the function that is called with each exception, while the thread starts. */
  recorder: string;
  /** Patterns of the scripts whose frames are not the app's. */
  notApp: string[];
  /** Of how many frames variables are read. */
  maxFrames: number;
  state: PauseState;
  /** Shared memory whose first number becomes 1 when the thread lets go of the main thread. */
  disconnected: Int32Array;
}

/** Which exceptions pause the app. */
export type PauseState = 'none' | 'uncaught' | 'all';

/** What the thread is told. */
export type ToWorker = { state: PauseState } | 'stop';

/** What the thread tells. */
export type FromWorker = 'ready' | { failed: string };

/** A call frame as the thread describes it to the recorder. */
export interface CallFrame {
  name: string;
  /** Of the script, as V8 gives it: a path or a URL. */
  url: string;
  /** From 1. */
  line: number;
  /** How many scopes are given of it, the innermost first. */
  scopes: number;
}

/** What the thread says of a pause. */
export interface Pause {
  /** The app's frames, the one that threw first. */
  frames: CallFrame[];
  isUncaught: boolean;
  /** How long the app has stood still for pauses since the last call, in milliseconds. */
  spentMs: number;
}

/**
 * The code of the worker thread, as text: so there is no file that a bundle would miss. It decides nothing: it lets
 * V8 stop the main thread at exceptions, has the recorder called there with what V8 knows, and lets it go on.
 *
 * - Both are asked for at once; the main thread waits for one answer of this thread, not for two.
 * - The time before V8's message arrives is not seen here; it grows with the frames, by 20 µs each (bench/locals).
 * - Scripts of packages are "blackboxed": what they throw and catch themselves does not stop anything; what they throw
 *   to the app does since Node 22. Node's own scripts cannot be, as V8 knows no context of them; of what is thrown there with no frame of the app's only the time is told.
 * - A stop that is no exception belongs to a debugger that was attached meanwhile, which the recorder knows.
 */
export const LOCALS_WORKER = `'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { Session } = require('node:inspector');
const { recorder: name, notApp, maxFrames, disconnected } = workerData;
let { state } = workerData;
const STATES = ['none', 'uncaught', 'all'];
const UNSEEN_MS = 0.2;
const UNSEEN_MS_PER_FRAME = 0.02;
const UNTOLD_MS = 20;
const MAX_SCRIPTS = 20000;
const OWN_SCOPES = new Set(['local', 'block', 'catch']);
const CALL = 'function (exception, pause, ...scopes) { return this(exception, pause, scopes); }';

const session = new Session();
const patterns = notApp.map((pattern) => new RegExp(pattern));
const urls = new Map();
let recorderId;
let spentMs = 0;

const failed = (what) => parentPort.postMessage({ failed: String(what && what.message || what) });
const setState = (next) => {
  if (next === state) return;
  state = next;
  ask('Debugger.setPauseOnExceptions', { state }).catch(failed);
};
const ask = (method, params) => new Promise((resolve, reject) => {
  session.post(method, params, (error, result) => (error ? reject(error) : resolve(result)));
});

session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) => {
  if (url && urls.size < MAX_SCRIPTS && !patterns.some((pattern) => pattern.test(url))) urls.set(scriptId, url);
});

session.on('Debugger.paused', ({ params: { reason, data, callFrames } }) => {
  const startMs = performance.now();
  const isException = reason === 'exception' || reason === 'promiseRejection';
  const frames = [];
  const values = [data && data.objectId ? { objectId: data.objectId } : { value: null }];
  for (let i = 0; isException && i < callFrames.length && frames.length < maxFrames; i++) {
    const { functionName, location, scopeChain } = callFrames[i];
    const url = urls.get(location.scriptId);
    if (url === undefined) continue;
    const scopes = scopeChain.filter(({ type, object }) => OWN_SCOPES.has(type) && object.objectId);
    frames.push({ name: functionName, url, line: location.lineNumber + 1, scopes: scopes.length });
    for (const { object } of scopes) values.push({ objectId: object.objectId });
  }
  const resume = () => session.post('Debugger.resume', () => {
    spentMs += performance.now() - startMs + UNSEEN_MS + UNSEEN_MS_PER_FRAME * callFrames.length;
  });
  if (isException && frames.length === 0 && spentMs < UNTOLD_MS) {
    resume();
    return;
  }
  const pause = isException ? { frames, isUncaught: Boolean(data && data.uncaught), spentMs } : null;
  values.splice(1, 0, { value: pause });
  spentMs = 0;
  session.post(
    'Runtime.callFunctionOn',
    { objectId: recorderId, functionDeclaration: CALL, arguments: values, silent: true, returnByValue: true },
    (error, answer) => {
      const said = answer && answer.result && answer.result.value;
      if (!isException && said !== 'leave') resume();
      // Where exceptions come without a pause, this thread gets to read nothing else.
      else if (STATES.includes(said)) setState(said);
    },
  );
  if (isException) resume();
});

parentPort.on('message', (message) => {
  if (message === 'stop') {
    session.disconnect();
    Atomics.store(disconnected, 0, 1);
    Atomics.notify(disconnected, 0);
    parentPort.close();
  } else {
    setState(message.state);
  }
});

(async () => {
  session.connectToMainThread();
  // All at once: the main thread may be busy for long, and reads what is there when it can.
  const [found] = await Promise.all([
    ask('Runtime.evaluate', { expression: 'process[Symbol.for(' + JSON.stringify(name) + ')]' }).then((answer) => {
      recorderId = answer.result.objectId;
      return recorderId;
    }),
    ask('Debugger.enable', { maxScriptsCacheSize: 0 }),
    ask('Debugger.setBlackboxPatterns', { patterns: notApp }),
    ask('Debugger.setBreakpointsActive', { active: false }),
    ask('Debugger.setPauseOnExceptions', { state }),
  ]);
  if (!found) throw new Error('the recorder was not found');
  parentPort.postMessage('ready');
})().catch(failed);
`;
