import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';

const inThreadPool = promisify(gzip);

/** What is done to a body before it is sent. */
export const PACKINGS = {
  none: (body) => body,
  'gzip async': (body) => inThreadPool(body),
  'gzip async 1': (body) => inThreadPool(body, { level: 1 }),
  'gzip sync 1': (body) => gzipSync(body, { level: 1 }),
};
