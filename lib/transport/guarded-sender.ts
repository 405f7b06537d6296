import type { EncodedItem, Envelope } from '../protocol/envelope';
import { safeText } from './safe-text';
import type { Sender } from './sender';
import type { SendResult } from './send-result';

/** A sender, whoever wrote it, that cannot reach the app: one that throws, rejects or answers nothing has no answer. */
export class GuardedSender implements Sender {
  readonly #inner: Sender;

  constructor(inner: Sender) {
    this.#inner = inner;
  }

  async send(what: { headers: Envelope['headers']; items: EncodedItem[] }): Promise<SendResult> {
    try {
      const result: unknown = await this.#inner.send(what);
      if (isResult(result)) return result;
      return noAnswer('the sender says nothing of an answer');
    } catch (error) {
      return noAnswer(safeText(messageOf(error), []) || 'unknown error');
    }
  }

  close(): void {
    try {
      this.#inner.close();
    } catch {
      // It is not used any more.
    }
  }
}

function isResult(result: unknown): result is SendResult {
  return typeof result === 'object' && result !== null && ('status' in result || 'networkError' in result);
}

/** What was sent may have arrived, or not. */
function noAnswer(networkError: string): SendResult {
  return { networkError, isUnsent: false, isStaleSocket: false };
}

/** What was thrown may be anything, also something that throws. */
function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return '';
  }
}
