import type { PropagationContext } from '../protocol/trace';
import { ReportedErrors } from './reported-errors';

/** What one client remembers of one piece of work, whatever scopes are opened inside it. */
export class WorkMemory {
  /** The errors reported in it, which are not reported again. */
  readonly reported = new ReportedErrors();

  /** The trace it belongs to; made or continued when the first event needs it. */
  trace?: PropagationContext;

  /** The id of its newest event. */
  lastEventId: string | null = null;
}
