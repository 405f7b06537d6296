const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** What the environment has for proxies, as axios reads it: of all schemes, in either case. */
export function proxyVariables(env: Readonly<NodeJS.ProcessEnv> = process.env): string[] {
  return VARIABLES.map((name) => env[name] ?? '').filter((url) => url !== '');
}
