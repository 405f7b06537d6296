import type { App } from './app';
import { ok, warning, type Finding } from './finding';
import { placedCalls } from './raven-calls';

const STARTS: ReadonlySet<string> = new Set(['create', 'createMicroservice', 'createApplicationContext']);

/** Whether the app delivers what it has when it is told to end. */
export function checkShutdownHooks({ sources }: App): Finding[] {
  if (!sources?.length) return [];
  const starts = placedCalls(sources, ({ object, method }) => object === 'NestFactory' && STARTS.has(method));
  const hooks = placedCalls(sources, ({ method }) => method === 'enableShutdownHooks');
  if (hooks.length > 0) return [ok(`enableShutdownHooks() is called in ${hooks[0].place}`)];
  if (starts.length === 0) {
    return [
      warning(
        'no NestFactory.create was found, and no enableShutdownHooks()',
        'Where the app starts, call app.enableShutdownHooks(): what is not delivered at SIGTERM is lost without.',
      ),
    ];
  }
  return [
    warning(
      `the app made in ${starts[0].place} has no enableShutdownHooks(): what is not delivered at SIGTERM is lost`,
      "Call app.enableShutdownHooks() after NestFactory.create, or set the option spool with durability: 'crash'.",
    ),
  ];
}
