import type { AxiosRequestConfig } from 'axios';

/** What HTTP allows for a name. */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/**
 * Headers of a configuration without those whose names could not be sent: one of them would make every request fail,
 * and every event with it. What a value must not hold, axios takes out.
 */
export function sendableHeaders(headers: AxiosRequestConfig['headers']): AxiosRequestConfig['headers'] {
  if (!isMapping(headers)) return {};
  const sendable = Object.entries(headers).filter(([name]) => NAME.test(name) && name !== '__proto__');
  return Object.fromEntries(
    // Headers of one method, or `common` to all, are in a mapping of their own.
    sendable.map(([name, value]) => [
      name,
      isMapping(value) ? sendableHeaders(value as AxiosRequestConfig['headers']) : value,
    ]),
  ) as AxiosRequestConfig['headers'];
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
