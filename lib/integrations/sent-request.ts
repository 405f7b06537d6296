import { activeClients } from '../client/active-clients';
import type { BreadcrumbDraft } from '../context/breadcrumb-buffer';
import { currentScope, type Scope } from '../context/scope';
import { maskedTarget } from '../event/http-request';
import { safeString } from '../event/safe-read';
import { recordFrom } from './record-from';

/** A request that the app sends, from its start to what became of it. It holds neither request nor response. */
export class SentRequest {
  private readonly startedMs = performance.now();
  private readonly scope = currentScope();
  private statusCode: number | undefined;

  private constructor(
    private readonly method: string,
    private readonly url: string,
  ) {}

  /**
   * Takes note of a request that begins here.
   *
   * @param origin - scheme and authority: `https://shop.example.com:8443`
   * @param target - path and query; of a request to a proxy a whole URL, or `host:port`
   * @returns undefined where nothing is to be recorded: it is a delivery of ours, or nobody wants to know
   */
  static begin(method: string, origin: string, target: string): SentRequest | undefined {
    if (isQuiet(currentScope()) || isDelivery(origin, target)) return undefined;
    const isWhole = !target.startsWith('/');
    return new SentRequest(method, isWhole ? target : origin + target);
  }

  /** The answer has begun: what the app knows of it from now on belongs to the story, read to its end or not. */
  answered(statusCode: number): void {
    this.statusCode = statusCode;
    this.record(levelOf(statusCode));
  }

  /** It failed: there was no answer, or the answer ended early. */
  failed(error: unknown): void {
    this.record('error', safeString(error, 'code') ?? safeString(error, 'name'));
  }

  private record(level: string, reason?: string): void {
    const data: Record<string, unknown> = {
      method: this.method,
      url: this.url,
      duration: Math.round(performance.now() - this.startedMs),
    };
    if (this.statusCode !== undefined) data.status_code = this.statusCode;
    if (reason !== undefined) data.reason = reason;
    recordFrom('http', { type: 'http', category: 'http', level, data, processor: maskUrl }, this.scope);
  }
}

function maskUrl(crumb: BreadcrumbDraft): void {
  const url = safeString(crumb.data, 'url');
  if (url !== undefined) crumb.data = { ...crumb.data, url: maskedTarget(url) };
}

function isQuiet(scope: Scope | undefined): boolean {
  return scope?.isQuiet === true;
}

function levelOf(statusCode: number): string {
  if (statusCode >= 500) return 'error';
  return statusCode >= 400 ? 'warning' : 'info';
}

/** Whether it goes to where a client of this process delivers, whoever sends it; through a proxy, too. */
function isDelivery(origin: string, target: string): boolean {
  for (const { deliveryHosts } of activeClients) {
    for (const host of deliveryHosts) {
      if (hostOf(origin) === host) return true;
      if (!target.startsWith('/') && hostOf(target) === host) return true;
    }
  }
  return false;
}

/** The host of a URL's beginning or of `host:port`, as `URL` writes it. */
function hostOf(text: string): string {
  const start = text.indexOf('://') + 3;
  const whole = start === 2 ? text : text.slice(start);
  const end = whole.search(/[/?#]/);
  const host = (end === -1 ? whole : whole.slice(0, end)).toLowerCase();
  return start === 2 ? host.replace(/:443$/, '') : host;
}
