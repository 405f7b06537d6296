import { runQuietly } from '../context/scope';
import type { RavenEvent } from '../protocol/event';
import type { DropReason } from '../transport/account';
import type { ReadAttachment } from './attachment';
import type { AttachmentReader } from './attachment-reader';
import type { Enrichment } from './enrichment';
import { errorText } from './error-text';
import type { BeforeSend, EventHint } from './hooks';
import { inTime } from './in-time';
import { settledWithin } from './settled-within';
import { withOwnFrames } from '../protocol/shared-frames';
import { isThenable } from '../event/thenable';

/** Hooks that never end would fill what may wait, for good. */
const HOOK_WITHIN_MS = 30_000;

/** What the last steps need to know of their client. */
export interface LastStepsOptions {
  beforeSend: BeforeSend | undefined;
  /** What is added to each event, in this order. */
  enrichments: readonly Enrichment[];
  /** Reads what goes along with an event. */
  attachments: Pick<AttachmentReader, 'read' | 'readNow'>;
  /** Whether events wait for what is added; else they get what can be had at once. */
  waitsForEnrichments: boolean;
  /** The same of attachments. */
  waitsForAttachments: boolean;
  /** How many events, and how many bytes of them, may be waited for. */
  limits: { maxLength: number; maxBytes: number };
  /** Called with what is lost, why, and a line for the log. */
  lost: (reason: DropReason, message: string | undefined) => void;
  /** Called with a line for the log. */
  warn: (message: string) => void;
}

/** Hands a finished event over. */
type Hand = (event: RavenEvent, attachments: readonly ReadAttachment[]) => void;
/** What `beforeSend` says: the event is sent as it is now, or lost, with a line for the log. */
type Answer = { event: RavenEvent } | { lost: DropReason; message?: string };
/** What becomes of an event in the end. */
type Verdict =
  { event: RavenEvent; attachments: readonly ReadAttachment[] } | { lost: DropReason; message?: string };

/** An event on its last steps. */
interface Step {
  readonly event: RavenEvent;
  readonly hint: EventHint;
  readonly hand: Hand;
  /** Whether `beforeSend` was asked: that is done once. */
  isAsked: boolean;
  /** What `beforeSend` made of it; from then on only attachments are waited for. */
  kept?: RavenEvent;
}

/** An event that is waited for. */
interface Waiting {
  readonly step: Step;
  readonly bytes: number;
  settled: Promise<void>;
}

/**
 * The last steps of an event, which may have to be waited for: what is added to it, `beforeSend`, and attachments.
 *
 * Where nothing has to be waited for, the event is handed over when `take` returns.
 */
export class LastSteps {
  private readonly waiting = new Set<Waiting>();
  private bytes = 0;
  private overflows = 0;

  constructor(private readonly options: LastStepsOptions) {
    if (!options.waitsForEnrichments) for (const enrichment of options.enrichments) enrichment.prepare?.();
  }

  /** How many events are waited for. */
  get pending(): number {
    return this.waiting.size;
  }

  take(event: RavenEvent, hint: EventHint, hand: Hand): void {
    const step: Step = { event, hint, hand, isAsked: false };
    const enriching = this.enrich(step);
    // Where there is no room to wait, it goes as it is.
    if (enriching && this.wait(step, (waiting) => enriching.then(() => this.askOnce(waiting)))) return;
    const verdict = this.ask(step);
    if (!(verdict instanceof Promise)) this.conclude(verdict, hand);
    else if (!this.wait(step, () => verdict)) this.giveUp(step);
  }

  /** Takes an event that is nobody's business any more but its attachments'. */
  takeAsItIs(event: RavenEvent, hint: EventHint, hand: Hand): void {
    const step: Step = { event, hint, hand, isAsked: true };
    const verdict = this.attach({ event }, step);
    if (!(verdict instanceof Promise)) this.conclude(verdict, hand);
    else if (!this.wait(step, () => verdict)) this.giveUp(step);
  }

  /** Resolves within `timeoutMs` to whether nothing is waited for any more; the process stays alive meanwhile. */
  settled(timeoutMs: number): Promise<boolean> {
    return settledWithin(new Set([...this.waiting].map(({ settled }) => settled)), timeoutMs);
  }

  /** Waits no longer: an event gets what can be had at once; where `beforeSend` was waited for it is lost. */
  finishNow(): void {
    let late = 0;
    for (const waiting of this.waiting) {
      const { step } = waiting;
      this.end(waiting);
      if (!step.isAsked) this.enrichNow(step);
      const answer = step.kept ? { event: step.kept } : step.isAsked ? undefined : this.askHook(step);
      if (answer && !(answer instanceof Promise)) {
        this.conclude(this.attachNow(answer, step), step.hand);
      } else {
        late += 1;
        this.options.lost('before_send', undefined);
      }
    }
    if (late > 0) {
      this.options.warn(`beforeSend did not end in time, ${late} that waited for it are dropped`);
    }
  }

  /** @returns false where there is no room */
  private wait(step: Step, begin: (waiting: Waiting) => Verdict | Promise<Verdict | undefined>): boolean {
    const bytes = Buffer.byteLength(JSON.stringify(step.event));
    const { maxLength, maxBytes } = this.options.limits;
    if (this.waiting.size >= maxLength || this.bytes + bytes > maxBytes) return false;
    const waiting: Waiting = { step, bytes, settled: Promise.resolve() };
    this.bytes += bytes;
    this.waiting.add(waiting);
    waiting.settled = this.settle(waiting, begin);
    return true;
  }

  /** What was given up meanwhile is counted already, whatever comes of it. Never rejects. */
  private async settle(
    waiting: Waiting,
    begin: (waiting: Waiting) => Verdict | Promise<Verdict | undefined>,
  ): Promise<void> {
    let verdict: Verdict | undefined;
    try {
      verdict = await begin(waiting);
    } catch (error) {
      verdict = lostInside(error);
    }
    if (this.end(waiting) && verdict) this.conclude(verdict, waiting.step.hand);
  }

  /** @returns undefined where it was given up: then it is no business of `beforeSend` any more */
  private askOnce(waiting: Waiting): Verdict | Promise<Verdict> | undefined {
    if (!this.waiting.has(waiting)) return undefined;
    return this.ask(waiting.step);
  }

  private conclude(verdict: Verdict, hand: Hand): void {
    let given = verdict;
    if ('event' in given) {
      try {
        return hand(given.event, given.attachments);
      } catch (error) {
        // A hook may give what cannot be read.
        given = lostInside(error);
      }
    }
    this.options.lost(given.lost, given.message);
  }

  /** @returns false where it was given up */
  private end(waiting: Waiting): boolean {
    if (!this.waiting.delete(waiting)) return false;
    this.bytes -= waiting.bytes;
    if (this.waiting.size === 0) this.tellOverflows();
    return true;
  }

  /** @returns a promise only where something has to be waited for; it never rejects */
  private enrich(step: Step): Promise<void> | undefined {
    if (!this.options.waitsForEnrichments) {
      this.enrichNow(step);
      return undefined;
    }
    const { event, hint } = step;
    const pending = this.options.enrichments
      .map((enrichment) => runQuietly(() => enrichment.enrich(event, hint)))
      .filter((promise) => promise !== undefined);
    return pending.length === 0 ? undefined : Promise.all(pending).then(() => undefined);
  }

  private enrichNow({ event, hint }: Step): void {
    for (const enrichment of this.options.enrichments) runQuietly(() => enrichment.enrichNow(event, hint));
  }

  /** @returns a promise only where something has to be waited for; it never rejects */
  private ask(step: Step): Verdict | Promise<Verdict> {
    const answer = this.askHook(step);
    return answer instanceof Promise
      ? answer.then((later) => this.attach(later, step))
      : this.attach(answer, step);
  }

  /** @returns a promise only where `beforeSend` is asynchronous; it never rejects */
  private askHook(step: Step): Answer | Promise<Answer> {
    const { event, hint } = step;
    const { beforeSend } = this.options;
    step.isAsked = true;
    if (!beforeSend) return { event };
    withOwnFrames(event);
    try {
      const answer: unknown = runQuietly(() => beforeSend(event, hint));
      if (!isThenable(answer)) return kept(answer, event);
      return inTime(answer, HOOK_WITHIN_MS).then((later) => kept(later, event), failed);
    } catch (error) {
      return failed(error);
    }
  }

  /** @returns a promise only where an attachment has to be waited for; it never rejects */
  private attach(answer: Answer, step: Step): Verdict | Promise<Verdict> {
    if (!('event' in answer)) return answer;
    const { event } = answer;
    if (!step.hint.attachments) return { event, attachments: [] };
    if (!this.options.waitsForAttachments) return this.attachNow(answer, step);
    step.kept = event;
    const read = this.options.attachments.read(step.hint.attachments);
    if (!(read instanceof Promise)) return { event, attachments: read };
    return read.then((attachments) => ({ event, attachments }));
  }

  private attachNow(answer: Answer, { hint }: Step): Verdict {
    if (!('event' in answer)) return answer;
    const { attachments } = hint;
    return { ...answer, attachments: attachments ? this.options.attachments.readNow(attachments) : [] };
  }

  /** There is no room to wait: goes without attachments where only those are waited for, else it is lost. */
  private giveUp({ kept: event, hand }: Step): void {
    if (event) this.conclude({ event, attachments: [] }, hand);
    else this.overflowed();
  }

  private overflowed(): void {
    this.overflows += 1;
    const message =
      'more events wait for beforeSend than maxQueueLength and maxQueueBytes allow; they are dropped from now on';
    this.options.lost('queue_overflow', this.overflows === 1 ? message : undefined);
  }

  private tellOverflows(): void {
    if (this.overflows > 1) {
      this.options.warn(`${this.overflows} events were dropped while too many waited for beforeSend`);
    }
    this.overflows = 0;
  }
}

function kept(answer: unknown, event: RavenEvent): Answer {
  if (answer === null) return { lost: 'before_send' };
  if (answer !== undefined && typeof answer !== 'object') {
    return failed(new TypeError(`it returned a ${typeof answer}; expected an event or null`));
  }
  return { event: (answer as RavenEvent | undefined) ?? event };
}

function failed(error: unknown): { lost: DropReason; message: string } {
  return { lost: 'before_send', message: `beforeSend failed, its event is dropped: ${errorText(error)}` };
}

function lostInside(error: unknown): { lost: DropReason; message: string } {
  return { lost: 'internal_sdk_error', message: `an event was lost: ${errorText(error)}` };
}
