import type * as AxiosPackage from 'axios';

/**
 * axios, loaded when it is first asked for: that takes tens of milliseconds and some megabytes, which an app that
 * starts has no use for.
 *
 * @throws where it cannot be loaded
 */
export function axiosPackage(): typeof AxiosPackage {
  return require('axios') as typeof AxiosPackage;
}
