/** How a text begins that is the JSON of an object or a list, or the JSON of such a text (encoded twice or oftener). */
const LOOKS_LIKE_JSON = /^\s*(?:[[{]|"[\s\\tnr"]*[[{])/;
const MAY_BE_JSON = /^\s*(?:\{\s*["}]|\[\s*[[{"\d\-tfn\]]|"[\s\\tnr"]*[[{])/;
const ENDS_AS_JSON = new Set(['}', ']', '"']);

/** Whether a text begins as JSON does; it may have been cut, or be something else after all. */
export function looksLikeJson(text: string): boolean {
  return LOOKS_LIKE_JSON.test(text);
}

/** Whether a text begins and ends as JSON does, so that it is worth parsing. */
export function mayBeJson(text: string): boolean {
  return MAY_BE_JSON.test(text) && ENDS_AS_JSON.has(text.trimEnd().slice(-1));
}

/** Where JSON begins that a text ends with, behind white space; -1 where none seems to. */
export function jsonAtEnd(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  if (last !== 0x5d && last !== 0x7d) return -1;
  const start = text.search(/\s(?:\{"|\[["[{])/) + 1;
  return start === 0 ? -1 : start;
}

/**
 * What a text is the JSON of: an object, a list, or a text that may be JSON itself. Undefined for any other
 * text and for numbers.
 */
export function parseJson(text: string): object | string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return (typeof parsed === 'object' && parsed !== null) || typeof parsed === 'string' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** How large JSON is, counted without parsing it. */
export interface JsonSize {
  /** Objects and lists. */
  nodes: number;
  /** How deep they stand inside each other. */
  depth: number;
  /** Names in objects. A parsed object has fewer where one stood twice: of those only the last can be seen. */
  members: number;
}

/** The size of a JSON text. */
export function jsonSize(json: string): JsonSize {
  const size = { nodes: 0, depth: 0, members: 0 };
  let depth = 0;
  for (let position = 0; position < json.length; position++) {
    switch (json.charCodeAt(position)) {
      case 0x22: // "
        position = endOfString(json, position + 1);
        break;
      case 0x3a: // :
        size.members += 1;
        break;
      case 0x5b: // [
      case 0x7b: // {
        size.nodes += 1;
        depth += 1;
        if (depth > size.depth) size.depth = depth;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
    }
  }
  return size;
}

/** Where the quotation mark is that closes a JSON string. */
function endOfString(json: string, start: number): number {
  let position = start;
  while (position < json.length && json.charCodeAt(position) !== 0x22) {
    position += json.charCodeAt(position) === 0x5c ? 2 : 1;
  }
  return position;
}
