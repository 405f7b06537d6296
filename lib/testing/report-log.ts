import type { RavenEvent } from '../protocol/event';
import type { RecordedReport } from './recorded-report';

/** Whether a report is the one. */
type Test = (report: RecordedReport) => boolean;

// Those of Node, whatever a test puts in their place later.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

/** What was reported, and who waits for more of it. */
export class ReportLog {
  readonly reports: RecordedReport[] = [];
  readonly #watchers = new Set<Test>();

  add(report: RecordedReport): void {
    this.reports.push(report);
    for (const look of this.#watchers) look(report);
  }

  clear(): void {
    this.reports.length = 0;
  }

  /**
   * The first event that passes the test, now or later.
   *
   * @returns undefined where none came in time
   * @throws (rejects) whatever the test throws
   */
  first(test: Test, timeoutMs: number): Promise<RavenEvent | undefined> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        stopTimer(timer);
        this.#watchers.delete(look);
      };
      // Called where a client delivers, which it must not disturb.
      const look: Test = (report) => {
        try {
          if (!test(report)) return false;
          resolve(report.event);
        } catch (error) {
          reject(error as Error);
        }
        end();
        return true;
      };
      const timer = startTimer(() => {
        end();
        resolve(undefined);
      }, timeoutMs);
      this.#watchers.add(look);
      this.reports.some(look);
    });
  }
}
