import { runCommand } from './run-command.mjs';

/** Runs the tests of an app. @returns what they wrote, where they fail */
export async function problemsOfTests(node, at, { test }) {
  try {
    await runCommand(at, node, ...test);
    return [];
  } catch (error) {
    return error.message.trimEnd().split('\n');
  }
}
