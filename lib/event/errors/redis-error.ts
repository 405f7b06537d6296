import { safeRead, safeString } from '../safe-read';
import type { ErrorKind } from './error-kind';

/** ioredis and redis: which command Redis refused, without its arguments. */
export const redisError: ErrorKind = {
  matches: (error) => safeString(safeRead(error, 'command'), 'name') !== undefined,
  details: (error) => ({
    code: safeString(error, 'code'),
    command: safeString(safeRead(error, 'command'), 'name'),
  }),
};
