import { MASK } from './mask';

/** A command, and the rest of it. */
const COMMAND = /\b(curl|mysql\w*|mariadb[\w-]*|redis-cli|sshpass|docker login)(?=\s)([^\r\n|;]+)/g;

const WORD = String.raw`(?:'[^']*'?|"[^"]*"?|[^\s'"]\S*)`;
/** Options that take a credential, by how commands begin. */
const OPTIONS: readonly (readonly [command: string, credential: RegExp])[] = [
  ['curl', new RegExp(String.raw`(\s(?:-[uUb]\s*|--(?:user|proxy-user|cookie)[\s=]))${WORD}`, 'g')],
  ['my', new RegExp(String.raw`(\s-p)${WORD}`, 'g')],
  ['mariadb', new RegExp(String.raw`(\s-p)${WORD}`, 'g')],
  ['redis-cli', new RegExp(String.raw`(\s-a\s+)${WORD}`, 'g')],
  ['sshpass', new RegExp(String.raw`(\s-p\s*)${WORD}`, 'g')],
  ['docker', new RegExp(String.raw`(\s-p\s+)${WORD}`, 'g')],
];

/** What SQL takes a password behind, without a sign between. */
const SQL = /\b((?:identified(?: with \S{1,64})? by|password) {1,4}')(?:[^'\\]|\\.|'')+/gi;

/** Many texts are parts of an encoded one. */
const SHORTEST = 10;

/**
 * Masks passwords that a command or a statement takes by its place: `mysqldump -u shop -phunter2`,
 * `ALTER USER shop PASSWORD 'hunter2'`. Messages of failed commands hold all of the command.
 */
export function maskCommands(text: string): string {
  if (text.length < SHORTEST) return text;
  return text
    .replace(COMMAND, (all, command: string, rest: string) => {
      const credential = OPTIONS.find(([beginning]) => command.startsWith(beginning))?.[1];
      return credential ? command + rest.replace(credential, `$1${MASK}`) : all;
    })
    .replace(SQL, `$1${MASK}`);
}
