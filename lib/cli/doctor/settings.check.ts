import { conflictsIn } from '../../conflicting-options';
import type { RavenOptions } from '../../raven.options';
import { resolveOptions } from '../../resolve-options';
import type { App } from './app';
import { ok, problem, warning, type Finding } from './finding';
import { literalValue } from './literal-value';
import { ravenCalls, type PlacedCall } from './raven-calls';

/** Options that a variable gives as well; what is written in the code wins. */
const VARIABLES = [
  ['dsn', 'SENTRY_DSN'],
  ['release', 'SENTRY_RELEASE'],
  ['dist', 'SENTRY_DIST'],
  ['environment', 'SENTRY_ENVIRONMENT'],
  ['serverName', 'SENTRY_NAME'],
  ['spotlight', 'SENTRY_SPOTLIGHT'],
] as const;
/** They contradict no option that the client knows of, whatever they are; `isGlobal` is the module's own. */
const NEUTRAL: ReadonlySet<string> = new Set([
  'dsn',
  'release',
  'environment',
  'serverName',
  'site',
  'name',
  'enabled',
  'isGlobal',
]);
const ONE_OF_BOTH = 'Take one of both out, or set it as the line says.';
const LITERAL = /^(?:'[^']*'|"[^"]*"|`[^`$]*`|true|false)$/;

/** Whether what is set in the environment and in the code can hold together. */
export function checkSettings({ env, folder, sources = [] }: App): Finding[] {
  const calls = ravenCalls(sources);
  const findings = [
    ...checkVariables(env, folder),
    ...calls.flatMap((call) => [...checkCall(call, env), ...checkLiterals(call, folder)]),
    ...checkNames(calls),
  ];
  return findings.length > 0 ? findings : [ok('no settings contradict each other')];
}

function checkVariables(env: NodeJS.ProcessEnv, folder: string): Finding[] {
  try {
    // The DSN has a check of its own.
    const options = resolveOptions({}, { ...env, SENTRY_DSN: '' }, folder);
    return conflictsIn(options).map((line) => warning(`the environment: ${line}`, ONE_OF_BOTH));
  } catch (error) {
    const message = (error as Error).message.replace(/^RavenModule: the option/, 'the environment:');
    return [
      problem(
        message,
        'Set SENTRY_RELEASE, SENTRY_DIST and SENTRY_ENVIRONMENT to names that servers keep, or to none.',
      ),
    ];
  }
}

/** What the client itself would say of options that are all written out. */
function checkLiterals({ place, method, module, options }: PlacedCall, folder: string): Finding[] {
  if (method !== 'forRoot' || module !== 'nestjs-raven') return [];
  const given = new Map<string, unknown>([['release', 'said elsewhere']]);
  for (const [option, text] of options) {
    if (NEUTRAL.has(option)) continue;
    const literal = literalValue(text);
    if (!literal) return [];
    given.set(option, literal.value);
  }
  try {
    const resolved = resolveOptions(Object.fromEntries(given) as RavenOptions, {}, folder);
    return conflictsIn(resolved).map((line) => warning(`${place}: ${line}`, ONE_OF_BOTH));
  } catch (error) {
    const message = (error as Error).message.replace(/^RavenModule: /, '');
    return [problem(`${place}: ${message}; the app will not start`, 'Write the option as it is expected.')];
  }
}

function checkCall({ place, options }: PlacedCall, env: NodeJS.ProcessEnv): Finding[] {
  const findings: Finding[] = [];
  if (options.get('enabled') === 'false') {
    findings.push(
      warning(
        `${place} has enabled: false: nothing is reported`,
        'Take it out, or make it depend on where the app runs.',
      ),
    );
  }
  const text = options.get('dsn') ?? '';
  if (LITERAL.test(text) && text.length > 2) {
    findings.push(
      warning(
        `${place} has the DSN in the code: it is the same wherever the app runs`,
        'Take it from SENTRY_DSN, so that each deployment has its own or none.',
      ),
    );
  }
  for (const [option, variable] of VARIABLES) {
    if (!env[variable]?.trim() || !LITERAL.test(options.get(option) ?? '')) continue;
    findings.push(
      warning(`${place} says ${option}, so that ${variable} has no effect`, `Take one of the two out.`),
    );
  }
  if (options.has('axios') && /\b(?:NodeHttp|WorkerHttp)Transport\b/.test(options.get('transport') ?? '')) {
    findings.push(
      problem(
        `${place} has axios together with a transport that does not send by it: the app will not start`,
        'Take one of the two out; see docs/delivery.md.',
      ),
    );
  }
  if (options.get('enableBreadcrumbs') === 'false' && options.has('breadcrumbSources')) {
    findings.push(
      warning(
        `${place} has enableBreadcrumbs: false, so that breadcrumbSources has no effect`,
        'Take one of the two out.',
      ),
    );
  }
  return findings;
}

/** Several clients are told apart by their names. */
function checkNames(calls: readonly PlacedCall[]): Finding[] {
  const places = new Map<string, string[]>();
  for (const { options, place } of calls) {
    const name = options.get('name') ?? '';
    places.set(name, [...(places.get(name) ?? []), place]);
  }
  return [...places.values()]
    .filter(({ length }) => length > 1)
    .map((same) =>
      warning(
        `${same.join(' and ')} make clients of the same name: which of them is injected depends on the order of imports`,
        'Import RavenModule once, in the root module, or give each further client a name.',
      ),
    );
}
