import { parseDsn } from '../../protocol/dsn';
import type { CliSurroundings } from '../cli-surroundings';
import { EXIT_CODE } from '../exit-code';
import { maskWords } from '../mask-words';
import { UsageError } from '../usage-error';
import { parseEventOptions } from './parse-event-options';
import { sendTestEvent } from './send-test-event';
import { shownSettings } from './shown-settings';
import { testOutcome } from './test-outcome';
import { outcomeLines, settingLines } from './test-text';
import type { TestEventArguments } from './test-event-arguments';

/**
 * Sends a test event by the pipeline and the transport that apps have, waits for the answer, and says what became of
 * it (raven-python's `raven test`).
 *
 * @param dsn - default `SENTRY_DSN`
 * @returns the exit code
 * @throws UsageError, InvalidOptionsError (rejects) where it cannot begin
 */
export async function testEvent(
  dsn: string | undefined,
  given: TestEventArguments,
  surroundings: CliSurroundings,
): Promise<number> {
  const { env, folder, out } = surroundings;
  const event = parseEventOptions(given);
  const chosenDsn = dsn?.trim() || env.SENTRY_DSN?.trim();
  if (!chosenDsn) {
    throw new UsageError('there is no DSN; expected one as the argument, or in the variable SENTRY_DSN');
  }
  const { release, environment, json } = given;
  const test = sendTestEvent({ ...event, dsn: chosenDsn, release, environment }, surroundings);
  const settings = shownSettings(test.options, { dsn, release, environment }, { env, folder });
  if (!json) out(settingLines(settings));
  const sent = await test.sent;
  const outcome = testOutcome(sent, { dsn: parseDsn(chosenDsn), env, timeoutS: event.timeoutS, folder });
  if (json) out(`${JSON.stringify({ ...outcome, settings }, null, 2)}\n`);
  else out(outcomeLines(outcome));
  // Otherwise the answer has told it.
  const notes = sent.observation ? [] : sent.notes;
  for (const note of notes) surroundings.err(`nestjs-raven: ${maskWords(note)}\n`);
  return outcome.isDelivered ? EXIT_CODE.fine : EXIT_CODE.problem;
}
