import type { App } from './app';
import { ok, warning, type Finding } from './finding';
import { placedCalls, ravenCalls, type PlacedCall } from './raven-calls';
import type { SourceFacts } from './source-facts';

/** What the client reads by itself, whenever it is made. */
const OWN_VARIABLES = /process\.env\.SENTRY_(?:DSN|RELEASE|DIST|ENVIRONMENT|NAME|SPOTLIGHT)\b/g;

/** Whether the variables that options are made of are read from `.env` before they are needed. */
export function checkImportOrder({ sources }: App): Finding[] {
  if (!sources?.length) return [];
  const early = ravenCalls(sources).filter(readsVariables);
  if (early.length === 0) return [ok('no option is read from a variable before it can be there')];
  const configs = placedCalls(
    sources,
    ({ object, method, module }) =>
      object === 'ConfigModule' && method === 'forRoot' && module === '@nestjs/config',
  );
  const findings = [
    ...early.flatMap((call) => lateConfig(call, configs)),
    ...sources.flatMap((source) => lateDotenv(source)),
  ];
  return findings.length > 0 ? findings : [ok('variables are read before the options that are made of them')];
}

function readsVariables({ method, options }: PlacedCall): boolean {
  // A factory runs later, when all modules are there.
  return (
    method === 'forRoot' &&
    [...options.values()].some((text) => /process\.env/.test(text.replace(OWN_VARIABLES, '')))
  );
}

/** Elements of a list are made from the first to the last, and `ConfigModule.forRoot` reads `.env` when it is made. */
function lateConfig({ place, inImports }: PlacedCall, configs: readonly PlacedCall[]): Finding[] {
  const file = place.slice(0, place.lastIndexOf(':'));
  const later = configs.find(
    (config) =>
      config.place.startsWith(`${file}:`) &&
      config.inImports?.list === inImports?.list &&
      (config.inImports?.index ?? 0) > (inImports?.index ?? 0),
  );
  if (!later) return [];
  return [
    warning(
      `${place} reads variables before ConfigModule.forRoot in ${later.place} has read .env`,
      'Put ConfigModule.forRoot before RavenModule.forRoot, or take RavenModule.forRootAsync with ConfigService.',
    ),
  ];
}

/** Imports run before anything else, in their order. */
function lateDotenv({ path, imports, calls }: SourceFacts): Finding[] {
  const isStart = calls.some(({ object }) => object === 'NestFactory');
  const ownIndex = imports.findIndex(({ module }) => module.startsWith('.'));
  const dotenvIndex = imports.findIndex(({ module }) => module === 'dotenv/config');
  const call = calls.find(({ module, method }) => module === 'dotenv' && method === 'config');
  const line = dotenvIndex > ownIndex ? imports[dotenvIndex].line : call?.line;
  if (!isStart || ownIndex < 0 || line === undefined) return [];
  return [
    warning(
      `${path}:${line} reads .env after the modules of the app were loaded, whose options need it`,
      "Make import 'dotenv/config' the first line of the file.",
    ),
  ];
}
