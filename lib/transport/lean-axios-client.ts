import type { AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { axiosPackage } from './axios-package';
import type { HttpAnswer, HttpClient, HttpExchange } from './http-client';

/**
 * Makes POSTs by an axios of our own that is configured by nobody, so that axios's own adapter, which is for
 * everything, can be left out: its part is done by a client that does this one thing.
 */
export class LeanAxiosClient implements HttpClient {
  readonly #inner: HttpClient;
  #made?: Pick<AxiosInstance, 'request'>;

  /** @param inner - does the work of axios's adapter */
  constructor(inner: HttpClient) {
    this.#inner = inner;
  }

  load(): void {
    this.#axios();
  }

  post(body: Buffer, isPacked: boolean): HttpExchange {
    let exchange: HttpExchange | undefined;
    let abandoned: Error | undefined;
    const adapter = async (config: InternalAxiosRequestConfig): Promise<AxiosResponse<HttpAnswer>> => {
      if (abandoned) throw abandoned;
      exchange = this.#inner.post(body, isPacked);
      const data = await exchange.answer;
      return { data, status: data.status, statusText: '', headers: {}, config };
    };
    return {
      answer: this.#axios()
        .request<HttpAnswer>({ adapter })
        .then(({ data }) => data),
      abandon: (reason) => {
        abandoned = reason;
        exchange?.abandon(reason);
      },
    };
  }

  secrets(): readonly string[] {
    return this.#inner.secrets();
  }

  destroy(): void {
    this.#inner.destroy();
  }

  /** As little is configured as may be: every key costs something at every request. */
  #axios(): Pick<AxiosInstance, 'request'> {
    return (this.#made ??= new (axiosPackage().Axios)({ method: 'post' }));
  }
}
