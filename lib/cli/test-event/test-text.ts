import type { Setting } from './setting';
import type { TestOutcome } from './test-outcome';

/** The settings in force, for people. */
export function settingLines(settings: readonly Setting[]): string {
  const width = (part: 'name' | 'value'): number =>
    Math.max(...settings.map((setting) => setting[part].length));
  const [nameWidth, valueWidth] = [width('name'), width('value')];
  return textOf([
    ...settings.map(({ name, value, from }) =>
      `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${from}`.trimEnd(),
    ),
    '',
  ]);
}

/** What became of the event, for people. */
export function outcomeLines({ failure, eventId, status, answeredId, tookMs }: TestOutcome): string {
  if (failure) {
    return textOf([
      `Not delivered: ${failure.message}.`,
      ...failure.advice.map((line) => `- ${line}`),
      `More: ${failure.link}`,
    ]);
  }
  const lines = [`Delivered: the server answered ${status} after ${tookMs} ms.`, `Event id: ${eventId}`];
  if (answeredId === undefined) {
    lines.push(
      'The answer names no event: look whether the event is there, something else may have answered.',
    );
  } else if (answeredId !== eventId) {
    lines.push(`The server calls it ${answeredId}.`);
  }
  return textOf(lines);
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
