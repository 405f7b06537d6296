import { Module } from '@nestjs/common';
import { Command, CommandFactory, CommandRunner } from 'nest-commander';
import { RavenModule, Tag } from 'nestjs-raven';

// #region command
/** A command: `node sample/02-contexts/dist/cli.js recount`. */
@Command({ name: 'recount', description: 'Counts the stock again' })
export class RecountCommand extends CommandRunner {
  @Tag('context', 'command')
  async run(): Promise<void> {
    await Promise.resolve();
    throw new Error('nobody is there to count');
  }
}
// #endregion command

@Module({
  imports: [RavenModule.forRoot({ dsn: process.env.SENTRY_DSN ?? 'http://public@localhost:8969/1' })],
  providers: [RecountCommand],
})
export class CliModule {}

/** Runs the command that the process was started with. */
export function run(): Promise<void> {
  return CommandFactory.run(CliModule, { logger: false });
}

if (require.main === module) void run();
