import { Command, CommanderError } from 'commander';
import { SDK } from '../protocol/sdk';
import type { CliSurroundings } from './cli-surroundings';
import type { DoctorArguments } from './doctor/doctor';
import { EXIT_CODE } from './exit-code';
import { loadDotenv } from './load-dotenv';
import { maskWords } from './mask-words';
import type { TestEventArguments } from './test-event/test-event-arguments';
import { UsageError } from './usage-error';

const AFTER_HELP = `
Exit codes: 0 fine, 1 problems, 2 wrong usage. No key, secret or password is printed.`;

/**
 * Runs the command that the arguments name: `test` or `doctor`.
 *
 * @param args - without the program's own name
 * @returns the exit code, one of {@link EXIT_CODE}; never rejects
 */
export async function runCli(args: readonly string[], surroundings: CliSurroundings): Promise<number> {
  let code: number = EXIT_CODE.fine;
  const program = newProgram(surroundings);
  addTest(program, async (dsn, given) => {
    if (given.dotenv !== undefined) loadDotenv(given.dotenv, surroundings);
    // Each command loads what it needs, so that the doctor runs where Nest is not there.
    const { testEvent } = await import('./test-event/test-event.js');
    code = await testEvent(dsn, given, surroundings);
  });
  addDoctor(program, async (folder, given) => {
    if (given.dotenv !== undefined) loadDotenv(given.dotenv, surroundings);
    const { doctor } = await import('./doctor/doctor.js');
    code = await doctor(folder, given, surroundings);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return codeOf(error, surroundings);
  }
}

function newProgram({ out, err }: CliSurroundings): Command {
  return (
    new Command('nestjs-raven')
      .description('Sends a test event, and looks an app over.')
      .version(SDK.version)
      .exitOverride()
      // It repeats what was given, which may be a DSN at the wrong place.
      .configureOutput({ writeOut: out, writeErr: (text) => err(maskWords(text)) })
      .addHelpText('after', AFTER_HELP)
  );
}

function addTest(
  program: Command,
  action: (dsn: string | undefined, given: TestEventArguments) => Promise<void>,
): void {
  const collected = (value: string, before: string[] = []): string[] => [...before, value];
  program
    .command('test')
    .description('Sends an event and says what the server answered and, where it did not arrive, what to do.')
    .argument('[dsn]', 'where to; default SENTRY_DSN')
    .option('--tag <key=value>', 'a tag of the event; may be given several times', collected)
    .option('--tags <json>', 'tags as a JSON object')
    .option('--data <json>', 'parts of the event by their key on the wire, as a JSON object')
    .option('--message <text>', 'what the event says')
    .option('--level <level>', 'fatal, error, warning, info or debug', 'info')
    .option('--environment <name>', 'in place of the one that an app here would have')
    .option('--release <name>', 'in place of the one that an app here would have')
    .option('--timeout <seconds>', 'how long to wait for the answer', '10')
    // Node 20 would take --env-file for its own, wherever it stands.
    .option('--dotenv <path>', 'read variables that are not set from a file, such as .env')
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .action(action);
}

function addDoctor(
  program: Command,
  action: (folder: string | undefined, given: DoctorArguments) => Promise<void>,
): void {
  program
    .command('doctor')
    .description('Looks for what keeps errors of an app from being reported, or has them reported twice.')
    .argument('[folder]', "the app's; default the one this is called in")
    .option('--dotenv <path>', 'read variables that are not set from a file, such as .env')
    .option('--json', 'print one JSON object')
    .allowExcessArguments(false)
    .action(action);
}

function codeOf(error: unknown, { err }: CliSurroundings): number {
  // commander has told it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODE.fine : EXIT_CODE.usage;
  const { name, message, stack } = error as Error;
  const missing = missingPackage(error);
  const isUsage = error instanceof UsageError || name === 'InvalidOptionsError' || missing !== undefined;
  const usage = missing ? `${missing} is not installed here; run it in an app's folder` : message;
  // Messages of wrong usage are masked by whoever makes them, and show what a DSN looks like.
  const text = isUsage
    ? usage.replace(/^RavenModule: /, '')
    : maskWords(`this is a bug: ${stack ?? message}`);
  err(`nestjs-raven: ${text}\n`);
  return isUsage ? EXIT_CODE.usage : EXIT_CODE.problem;
}

/** Nest comes from the app. */
function missingPackage(error: unknown): string | undefined {
  const { code, message } = error as { code?: unknown; message?: string };
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  return /Cannot find (?:module|package) '((?:@nestjs|rxjs|reflect-metadata)[^']*)'/.exec(message ?? '')?.[1];
}
