/** What no name of a release or an environment may have in it: it would be a path, or more than a line. */
const FORBIDDEN = /[/\\\p{Cc}]/u;
const MAX_RELEASE_BYTES = 200;
const MAX_ENVIRONMENT_BYTES = 64;
const DIST = /^[\w.-]{1,64}$/;

/** Whether servers keep a text as the name of a release; they drop any other, and keep the event. */
export function isReleaseName(text: string): boolean {
  return isName(text, MAX_RELEASE_BYTES, 'latest');
}

/** Whether servers keep a text as the name of an environment. */
export function isEnvironmentName(text: string): boolean {
  return isName(text, MAX_ENVIRONMENT_BYTES, 'none');
}

/** Whether servers keep a text as the build of a release. */
export function isDistName(text: string): boolean {
  return DIST.test(text);
}

function isName(text: string, maxBytes: number, reserved: string): boolean {
  if (text === '' || text !== text.trim() || text === '.' || text === '..') return false;
  return text.toLowerCase() !== reserved && Buffer.byteLength(text) <= maxBytes && !FORBIDDEN.test(text);
}
