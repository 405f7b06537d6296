/** What the command `test` is given, as it stands on the command line. */
export interface TestEventArguments {
  tag?: string[];
  tags?: string;
  data?: string;
  message?: string;
  level: string;
  environment?: string;
  release?: string;
  timeout: string;
  dotenv?: string;
  json?: boolean;
}
