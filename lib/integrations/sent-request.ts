import type { BreadcrumbDraft } from '../context/breadcrumb-buffer';
import { currentScope } from '../context/scope';
import { maskedTarget } from '../event/http-request';
import { safeString } from '../event/safe-read';
import { deliveryHosts } from './delivery-hosts';
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
   * @returns undefined where nothing is to be recorded: it is a delivery of ours, or sent by a hook
   */
  static begin(method: string, origin: string, target: string): SentRequest | undefined {
    if (currentScope()?.isQuiet || deliveryHosts.has(origin, target)) return undefined;
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

function levelOf(statusCode: number): string {
  if (statusCode >= 500) return 'error';
  return statusCode >= 400 ? 'warning' : 'info';
}
