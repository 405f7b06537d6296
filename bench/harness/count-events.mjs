const NEWLINE = 10;

/**
 * Counts what came with a request, by kind of item: `event`, and whatever else was sent.
 *
 * @param path - of its URL, by which the protocols are told apart
 * @param body - decompressed
 */
export function countItems(path, body) {
  if (path.includes('/envelope')) return itemsOfEnvelope(body);
  if (path.includes('/store') || path.startsWith('/api/1/item')) return { event: 1 };
  if (path.startsWith('/notify') || path === '/') return { event: JSON.parse(body).events.length };
  return { other: 1 };
}

function itemsOfEnvelope(body) {
  const items = {};
  let at = lineEnd(body, 0) + 1;
  while (at < body.length) {
    const end = lineEnd(body, at);
    if (end === at) break;
    const { type, length } = JSON.parse(body.toString('utf8', at, end));
    items[type] = (items[type] ?? 0) + 1;
    at = (length === undefined ? lineEnd(body, end + 1) : end + 1 + length) + 1;
  }
  return items;
}

function lineEnd(body, from) {
  const at = body.indexOf(NEWLINE, from);
  return at === -1 ? body.length : at;
}
