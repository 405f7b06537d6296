import type { App } from './app';
import { ok, problem, warning, type Finding } from './finding';
import type { SourceFacts } from './source-facts';

const OTHER_CLIENT =
  /^(?:@sentry\/(?:nestjs|node|node-core|profiling-node)(?:\/|$)|nest-raven$|@ntegral\/nestjs-sentry)/;
/** What sets one of them up; types and helpers of theirs report nothing. */
const SETTING_UP: ReadonlySet<string> = new Set([
  'init',
  'forRoot',
  'forRootAsync',
  'setupExpressErrorHandler',
  'setupFastifyErrorHandler',
  'setupNestErrorHandler',
]);
const CATCHING: ReadonlySet<string> = new Set([
  'SentryGlobalFilter',
  'SentryGlobalGenericFilter',
  'RavenInterceptor',
]);
const PRELOADING =
  /--(?:import|require|r)[= ]\S*(?:sentry|instrument)\S*|(?:^|\s)-r[= ]\S*(?:sentry|instrument)\S*/;

/** Whether another client reports the same errors. */
export function checkOtherClients({ manifest, sources = [], env }: App): Finding[] {
  const setUps = sources.flatMap((source) => setUpsIn(source));
  const preloads = [
    ...Object.entries(manifest?.scripts ?? {}).map(([name, text]) => ({
      where: `the script "${name}"`,
      text,
    })),
    { where: 'NODE_OPTIONS', text: env.NODE_OPTIONS ?? '' },
  ].filter(({ text }) => PRELOADING.test(text));
  const findings = [
    ...setUps.map(({ place, what }) =>
      problem(
        `${place} sets up another client, ${what}: errors are reported twice`,
        'Take it out, or RavenModule; nestjs-raven needs no file that is loaded first and no filter.',
      ),
    ),
    ...preloads.map(({ where }) =>
      warning(
        `${where} loads a file of another client's before the app`,
        'Take --import or --require out of it: nestjs-raven needs no file that is loaded first.',
      ),
    ),
  ];
  if (findings.length > 0) return findings;
  const installed = Object.keys({ ...manifest?.dependencies, ...manifest?.devDependencies }).filter((name) =>
    OTHER_CLIENT.test(name),
  );
  if (installed.length === 0) return [ok('no other client is set up')];
  return [
    warning(
      `${installed.join(', ')} ${installed.length === 1 ? 'is' : 'are'} still in package.json, and set up nowhere in src`,
      `npm uninstall ${installed.join(' ')}`,
    ),
  ];
}

function setUpsIn({ path, calls, imported }: SourceFacts): { place: string; what: string }[] {
  const called = calls
    .filter(({ module, method }) => OTHER_CLIENT.test(module ?? '') && SETTING_UP.has(method))
    .map(({ module, line }) => ({ place: `${path}:${line}`, what: module ?? '' }));
  const caught = [...imported].flatMap(([module, names]) =>
    OTHER_CLIENT.test(module)
      ? [...names]
          .filter((name) => CATCHING.has(name))
          .map((name) => ({ place: path, what: `${name} of ${module}` }))
      : [],
  );
  return [...called, ...caught];
}
