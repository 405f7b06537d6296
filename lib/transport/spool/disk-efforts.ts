import { safeText } from '../safe-text';
import type { TransportLogger } from '../transport-logger';
import { errorCode } from './error-code';

/** What is tried: trouble of one kind is told once, until one of its kind goes well. */
export type Effort = 'written' | 'read';

/** What {@link DiskEfforts} are made with. */
export interface DiskEffortsOptions {
  /** As it was configured, for the log. */
  directory: string;
  logger: TransportLogger;
  /** Makes what work on the folder needs; done again after trouble. */
  prepare(): void;
}

/** Works on the disk, which may fail any time: what fails is told once and never thrown. */
export class DiskEfforts {
  readonly #options: DiskEffortsOptions;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #toldEfforts = new Set<Effort>();
  #isPrepared = false;
  #isEnded = false;

  constructor(options: DiskEffortsOptions) {
    this.#options = options;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Does something that `end` waits for. @returns `undefined` where it failed or comes too late */
  run<T>(effort: Effort, work: () => Promise<T>): Promise<T | undefined> {
    const attempt = this.#tryTwice(effort, work);
    this.#underWay.add(attempt);
    void attempt.then(() => this.#underWay.delete(attempt));
    return attempt;
  }

  /** The same at once. @returns whether it went well */
  runSync(effort: Effort, work: () => void): boolean {
    for (let isLast = false; !this.#isEnded; isLast = true) {
      try {
        this.#prepare();
        work();
        this.#wentWell(effort);
        return true;
      } catch (error) {
        if (this.#isHopeless(effort, error, isLast)) return false;
      }
    }
    return false;
  }

  /**
   * Nothing begins any more; waits for what is under way, and then does what is last.
   *
   * @param last - told whether the folder is there
   */
  async end(last: (isPrepared: boolean) => Promise<void>): Promise<void> {
    this.#isEnded = true;
    await Promise.all(this.#underWay);
    try {
      await last(this.#isPrepared);
    } catch (error) {
      this.#failed('written', error);
    }
  }

  async #tryTwice<T>(effort: Effort, work: () => Promise<T>): Promise<T | undefined> {
    for (let isLast = false; !this.#isEnded; isLast = true) {
      try {
        this.#prepare();
        const result = await work();
        this.#wentWell(effort);
        return result;
      } catch (error) {
        if (this.#isHopeless(effort, error, isLast)) return undefined;
      }
    }
    return undefined;
  }

  #prepare(): void {
    if (this.#isPrepared) return;
    this.#options.prepare();
    this.#isPrepared = true;
  }

  /** Somebody may have removed the folder, which is then made once more. */
  #isHopeless(effort: Effort, error: unknown, isLast: boolean): boolean {
    this.#isPrepared = false;
    if (!isLast && errorCode(error) === 'ENOENT') return false;
    this.#failed(effort, error);
    return true;
  }

  #failed(effort: Effort, error: unknown): void {
    if (this.#toldEfforts.has(effort)) return;
    this.#toldEfforts.add(effort);
    const reason = safeText(error instanceof Error ? error.message : String(error), []);
    this.#options.logger.error(`the spool "${this.#options.directory}" cannot be ${effort}: ${reason}`);
  }

  #wentWell(effort: Effort): void {
    if (!this.#toldEfforts.delete(effort)) return;
    this.#options.logger.warn(`the spool "${this.#options.directory}" can be ${effort} again`);
  }
}
