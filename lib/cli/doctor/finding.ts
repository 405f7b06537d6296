/** How a check ended. */
export type FindingStatus = 'ok' | 'warning' | 'problem';

/** What a check found. */
export interface Finding {
  status: FindingStatus;
  /** What was seen, without anything secret. */
  message: string;
  /** What to do; absent where nothing is. */
  advice?: string;
}

/** A finding that all is well. */
export const ok = (message: string): Finding => ({ status: 'ok', message });

/** A finding that may be meant. */
export const warning = (message: string, advice: string): Finding => ({ status: 'warning', message, advice });

/** A finding that keeps errors from being reported, or has them reported twice. */
export const problem = (message: string, advice: string): Finding => ({ status: 'problem', message, advice });
