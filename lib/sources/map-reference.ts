import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a file's source map is: inside of it, or in a file. */
export type MapReference = { json: string } | { path: string };

const MARK = 'sourceMappingURL=';
/** Code about source maps has the mark in strings. */
const MAX_LOOKED_AT = 20;
const COMMENT = /(?:^|[\r\n])[ \t]*(?:\/\/|\/\*)[#@][ \t]*$/;
const DATA = /^data:(?:application|text)\/json\s*((?:;[\w=.-]+)*),/i;

/**
 * The source map that a file names last, as `//# sourceMappingURL=…`: base64 or percent-encoded JSON, or a file.
 * Nothing is fetched from the network.
 *
 * @param path - the file's own
 * @returns `undefined` where it names none
 */
export function mapReference(text: string, path: string): MapReference | undefined {
  let end = text.length;
  for (let looked = 0; looked < MAX_LOOKED_AT && end > 0; looked++) {
    const mark = text.lastIndexOf(MARK, end - 1);
    if (mark === -1) return undefined;
    if (COMMENT.test(text.slice(Math.max(0, mark - 40), mark))) {
      const url = urlAt(text, mark + MARK.length);
      if (url !== undefined) return reference(url, path);
    }
    end = mark;
  }
  return undefined;
}

/** Up to the end of the line; what has quotes in it is code that writes such comments. */
function urlAt(text: string, start: number): string | undefined {
  const lineEnd = text.indexOf('\n', start);
  const url = text
    .slice(start, lineEnd === -1 ? text.length : lineEnd)
    .trim()
    .replace(/\s*\*\/$/, '');
  return url === '' || /[\s"'`]/.test(url) ? undefined : url;
}

function reference(url: string, path: string): MapReference | undefined {
  try {
    if (url.startsWith('data:')) return inline(url);
    if (url.startsWith('file:')) return { path: fileURLToPath(url) };
    if (/^[a-z][\w+.-]+:/i.test(url) || url.startsWith('//')) return undefined;
    return { path: resolve(dirname(path), decodeURIComponent(url.replace(/[?#].*$/, ''))) };
  } catch {
    return undefined;
  }
}

function inline(url: string): MapReference | undefined {
  const head = DATA.exec(url);
  if (!head) return undefined;
  const body = url.slice(head[0].length);
  const isBase64 = head[1].toLowerCase().endsWith(';base64');
  return { json: isBase64 ? Buffer.from(body, 'base64').toString('utf8') : decodeURIComponent(body) };
}
