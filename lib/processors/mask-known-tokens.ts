import { MASK } from './mask';

/**
 * How tokens and addresses begin that are secrets wherever they stand: of Stripe, GitHub, GitLab, Slack, SendGrid, npm,
 * OpenAI and Anthropic, Google, Shopify, age; webhooks of Slack and Discord, bots of Telegram; `-----BEGIN ` in base64.
 */
const BEGINNINGS = [
  '[rs]k_(?:live|test)_',
  'whsec_',
  'gh[oprsu]_',
  'github_pat_',
  'gl(?:pat|rt|dt)-',
  'xox[abeoprs]-',
  'xapp-',
  String.raw`SG\.(?=[\w-]{16,64}\.)`,
  'npm_(?=[A-Za-z0-9]{30})',
  String.raw`sk-(?=[\w-]{0,200}\d)(?=[\w-]{0,200}[A-Z])`,
  'AIza',
  String.raw`ya29\.`,
  'shp(?:at|ca|pa|ss)_',
  'AGE-SECRET-KEY-1',
  'LS0tLS1CRUdJTi',
  String.raw`hooks\.slack\.com/(?:services|workflows)/`,
  String.raw`discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/`,
  String.raw`api\.telegram\.org/bot`,
];
/** What is shorter is no token. */
const TOKEN = new RegExp(String.raw`(?<![\w-])(${BEGINNINGS.join('|')})[\w.+/=:-]{16,}`, 'g');

/** Many texts are parts of an encoded one. */
const SHORTEST = 20;

/** Masks tokens that tell by their beginning what they are, which stays: `ghp_********`. */
export function maskKnownTokens(text: string): string {
  return text.length < SHORTEST ? text : text.replace(TOKEN, `$1${MASK}`);
}
