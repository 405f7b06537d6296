import { cutText } from './cut-text';
import { CREDENTIALS, maskedQuery } from './http-request';

const MAX_LENGTH = 2048;

/**
 * The URL of a request that the app makes, without user and password, with the query's secrets masked and without
 * what stands behind `#`. Never throws; takes what is no URL, too.
 */
export function outgoingUrl(url: string): string {
  const [whole] = cutText(url, MAX_LENGTH).split('#', 1);
  const position = whole.indexOf('?');
  const base = (position === -1 ? whole : whole.slice(0, position)).replace(CREDENTIALS, '$1');
  return position === -1 ? base : `${base}?${maskedQuery(base, whole.slice(position + 1))}`;
}
