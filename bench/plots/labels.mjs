/** What a subject is called, and the package whose version says which one it is. */
const SUBJECTS = {
  bare: { label: 'bare Nest' },
  floor: { label: 'the floor' },
  'post-only': { label: 'a POST, no reporter' },
  'nestjs-raven': { label: 'nestjs-raven' },
  'nestjs-raven-lean': { label: 'nestjs-raven, lean' },
  'sentry-light': { label: 'Sentry’s light mode', of: '@sentry/node-core' },
  'sentry-nestjs': { label: '@sentry/nestjs', of: '@sentry/nestjs' },
  'sentry-nestjs-tracing': { label: '@sentry/nestjs, tracing', of: '@sentry/nestjs' },
  'sentry-nestjs-11-rc': { label: '@sentry/nestjs', of: '@sentry/nestjs' },
  'nest-raven': { label: 'nest-raven', of: 'nest-raven' },
  bugsnag: { label: '@bugsnag/node', of: '@bugsnag/node' },
  rollbar: { label: 'rollbar', of: 'rollbar' },
  'rollbar-unlimited': { label: 'rollbar, unlimited', of: 'rollbar' },
};

/**
 * @param packages - what is installed, as `name@version`
 * @returns for example `@sentry/nestjs 10.75`
 */
export function labelOf(subject, packages) {
  const { label, of } = SUBJECTS[subject] ?? { label: subject };
  const version = of && packages.find((one) => one.startsWith(`${of}@`))?.slice(of.length + 1);
  if (!version) return label;
  const [name, ...rest] = label.split(', ');
  const short = version.replace(/^(\d+\.\d+)\.\d+$/, '$1');
  return [`${name} ${short}`, ...rest].join(', ');
}
