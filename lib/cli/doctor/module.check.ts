import type { App } from './app';
import { ok, problem, warning, type Finding } from './finding';
import { ravenCalls } from './raven-calls';

/** Its module may be imported as it stands. */
const NEST_RAVEN = 'nestjs-raven/compat/nest-raven';

/** Whether a module of the app's imports RavenModule. */
export function checkModule({ sources, project }: App): Finding[] {
  if (!sources) {
    return [
      warning(
        'sources were not looked at: there is no TypeScript here that can read them',
        'Run it where the app is built; TypeScript is among its devDependencies there.',
      ),
    ];
  }
  if (sources.length === 0) {
    const where = project.sourceFolders.length > 0 ? 'there are no sources in src' : 'there is no folder src';
    return [warning(`${where}: what is written in them was not looked at`, "Call it in the app's folder.")];
  }
  const calls = ravenCalls(sources);
  const imported = calls.filter(({ inImports }) => inImports);
  if (imported.length > 0) {
    return imported.map(({ place, object, method }) => ok(`${object}.${method} is imported in ${place}`));
  }
  const bare = sources.find(({ imported: names }) => names.get(NEST_RAVEN)?.has('RavenModule'));
  if (calls.length === 0 && bare) return [ok(`RavenModule of ${NEST_RAVEN} stands in ${bare.path}`)];
  if (calls.length > 0) {
    return [
      warning(
        `${calls[0].object}.${calls[0].method} is called in ${calls[0].place}, but in no list of imports that can be seen`,
        "Look whether what it gives gets into the imports of the app's root module.",
      ),
    ];
  }
  return [
    problem(
      'no module imports RavenModule',
      "Add RavenModule.forRoot({ dsn: process.env.SENTRY_DSN }) to the imports of the app's root module.",
    ),
  ];
}
