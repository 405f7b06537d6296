/**
 * Answers what a parent process asks by `command` over IPC, and ends with it.
 *
 * @param commands - by name: takes the argument, returns what is sent back, or a promise of it
 */
export function answerCommands(commands) {
  process.on('message', async ({ id, command, argument }) => {
    try {
      process.send({ id, result: await commands[command](argument) });
    } catch (error) {
      process.send({ id, error: String(error?.stack ?? error) });
    }
  });
  process.on('disconnect', () => process.exit());
}
