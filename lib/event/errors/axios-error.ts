import { cutText } from '../cut-text';
import { maskedTarget } from '../http-request';
import { safeRead, safeString } from '../safe-read';
import type { DetailOptions, ErrorKind } from './error-kind';
import { fieldNames } from './field-names';
import { plainDetail } from './own-properties';
import { ownKeys } from './plain-mapping';

const MAX_PARAMS = 20;
const MAX_URL = 2048;
const ABSOLUTE = /^(?:[a-z][a-z\d+.-]*:)?\/\//i;
/** Headers of an answer that help, and tell nothing of anybody. */
const TOLD_HEADERS: readonly string[] = ['content-type', 'retry-after', 'x-request-id'];

/** axios: which request, and what came back. Neither bodies nor headers that were sent, nor `auth`. */
export const axiosError: ErrorKind = {
  matches: (error) => safeRead(error, 'isAxiosError') === true,
  details(error, options) {
    const config = safeRead(error, 'config');
    const response = safeRead(error, 'response');
    return {
      method: safeString(config, 'method')?.toUpperCase(),
      url: urlOf(config),
      code: safeString(error, 'code'),
      timeout: number(safeRead(config, 'timeout')) || undefined,
      ...(typeof response === 'object' && response !== null && answer(response, options)),
    };
  },
};

function answer(response: object, options: DetailOptions): Record<string, unknown> {
  const data = safeRead(response, 'data');
  const headers = safeRead(response, 'headers');
  return {
    status: number(safeRead(response, 'status')),
    statusText: safeString(response, 'statusText'),
    headers: Object.fromEntries(
      TOLD_HEADERS.map((name) => [name, safeString(headers, name)] as const).filter(([, value]) => value),
    ),
    ...(options.sendDefaultPii
      ? { response: plainDetail(data, options) }
      : { responseFields: fieldNames(data) }),
  };
}

function urlOf(config: unknown): string | undefined {
  const url = safeString(config, 'url') ?? '';
  const base = safeString(config, 'baseURL') ?? '';
  const whole = base === '' || ABSOLUTE.test(url) ? url : joined(base, url);
  if (whole === '') return undefined;
  const params = paramsOf(safeRead(config, 'params'));
  const [path] = whole.split('#', 1);
  const query = params === '' ? '' : `${path.includes('?') ? '&' : '?'}${params}`;
  return maskedTarget(cutText(path + query, MAX_URL));
}

function joined(base: string, url: string): string {
  return url === '' ? base : `${base.replace(/\/$/, '')}/${url.replace(/^\//, '')}`;
}

function paramsOf(params: unknown): string {
  if (params instanceof URLSearchParams) return String(params);
  const entries = ownKeys(params, MAX_PARAMS).map((key) => {
    const value = safeRead(params, key);
    const isShort = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return [key, isShort ? String(value) : '...'];
  });
  return String(new URLSearchParams(entries));
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
