import type { SourceCode } from './source-code';

/** What a root module needs, as source. */
export interface RavenImport {
  /** Names, and the packages to import them of. */
  needed: [name: string, from: string][];
  /** The lines of what stands in its `imports`. */
  lines: string[];
}

/** Reads the DSN as the app reads its settings: by @nestjs/config, or from the environment. */
export function ravenImport(
  usesConfig: boolean,
  { indent, quote, isTyped }: Pick<SourceCode, 'indent' | 'quote' | 'isTyped'>,
): RavenImport {
  const needed: RavenImport['needed'] = [['RavenModule', 'nestjs-raven']];
  if (!usesConfig) return { needed, lines: ['RavenModule.forRoot({ dsn: process.env.SENTRY_DSN })'] };
  needed.push(['ConfigModule', '@nestjs/config'], ['ConfigService', '@nestjs/config']);
  const lines = [
    'RavenModule.forRootAsync({',
    // It is global in most apps, and this holds in all.
    `${indent}imports: [ConfigModule],`,
    `${indent}inject: [ConfigService],`,
    `${indent}useFactory: (config${isTyped ? ': ConfigService' : ''}) => ({`,
    `${indent}${indent}dsn: config.get${isTyped ? '<string>' : ''}(${quote}SENTRY_DSN${quote}),`,
    `${indent}}),`,
    '})',
  ];
  return { needed, lines };
}
