/** An error that is known by texts alone. */
export interface LoggedError {
  name: string;
  message: string;
  stack: string;
  cause?: LoggedError;
  [key: string]: unknown;
}

const FRAMES = /\n[ \t]+at /;
/** `TypeError [ERR_INVALID_ARG_TYPE]: the message`; a sentence with a colon in it is none. */
const HEAD = /^([A-Z$_][\w$.]{0,200}?)(?: \[[\w-]{1,100}\])?(?:: |$)/;
/** What pino's serializer joins the stacks of causes by. */
const CAUSED_BY = '\ncaused by: ';
const MAX_CAUSES = 10;

/** Whether a text is a stack: it has frames with a line and a column. */
export function isStack(value: unknown): value is string {
  return typeof value === 'string' && /\n[ \t]+at [^\n]+:\d+:\d+/.test(value);
}

/** The error that a stack is of, with its causes; undefined where the text does not begin with one's type. */
export function errorOfStack(text: string): LoggedError | undefined {
  const [outermost, ...causes] = text.split(CAUSED_BY, MAX_CAUSES).map(errorOf);
  if (!outermost) return undefined;
  let error = outermost;
  for (const cause of causes) {
    if (!cause) break;
    error.cause = cause;
    error = cause;
  }
  return outermost;
}

function errorOf(stack: string): LoggedError | undefined {
  const end = stack.search(FRAMES);
  const head = end === -1 ? stack : stack.slice(0, end);
  const [start, name] = HEAD.exec(head.slice(0, 512)) ?? [];
  if (start === undefined || name === undefined) return undefined;
  const message = head.slice(start.length);
  if (message === '' && !/(?:Error|Exception)$/.test(name)) return undefined;
  return { name, message, stack };
}
