import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startProgram } from '../../support/broker';
import type { ReceivedEvent } from '../../support/receiver';

const run = promisify(execFile);
const SETUP = join(__dirname, 'bugsink_setup.py');
const DIGEST_WITHIN_MS = 30_000;
const POLL_MS = 50;

/** An event as Bugsink keeps and shows it. */
export interface StoredEvent {
  event_id: string;
  /** The event as it was sent. */
  data: ReceivedEvent;
  /** The stack as Bugsink prints it. */
  stacktrace_md: string;
  issue: Issue;
}

/** Events of the same kind. */
export interface Issue {
  id: string;
  calculated_type: string;
  calculated_value: string;
  transaction: string;
  digested_event_count: number;
}

/** A project of its own for each test. */
export interface Project {
  dsn: string;
  /** Everything that was taken, in the order in which it was worked on; waits until nothing is left to work on. */
  events(): Promise<StoredEvent[]>;
  issues(): Promise<Issue[]>;
}

/** A real Bugsink server: SQLite in a folder of its own, its web server and its workers. */
export interface Bugsink {
  newProject(): Promise<Project>;
  /** What its programs complained of: why an event was refused stands here. */
  log(): string;
  stop(): Promise<void>;
}

/** @param programs - the folder with Bugsink's programs */
export async function startBugsink(programs: string): Promise<Bugsink> {
  let home = '';
  let account = { token: '', team: '' };
  const { port, stop } = await startProgram(async (freePort, folder) => {
    home = folder;
    account = await configure(programs, folder, freePort);
    // As its Docker image runs them: if one of them ends, so do both.
    const server = `gunicorn --bind 127.0.0.1:${freePort} --workers 2 bugsink.wsgi`;
    const command = `exec monofy ${server} '|||' bugsink-runsnappea > server.log 2>&1`;
    return {
      program: 'sh',
      args: ['-c', command],
      env: { PATH: `${programs}:${process.env.PATH}`, HOME: folder },
    };
  });
  const base = `http://127.0.0.1:${port}`;
  const log = (): string => {
    const lines = readFileSync(join(home, 'server.log'), 'utf8').split('\n');
    return lines.filter((line) => !line.includes('INFO')).join('\n');
  };

  async function ask<T>(url: string, body?: object): Promise<T> {
    const response = await fetch(new URL(url, `${base}/api/canonical/0/`), {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${account.token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`Bugsink answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  async function askForAll<T>(url: string): Promise<T[]> {
    const found: T[] = [];
    for (let next: string | null = url; next !== null;) {
      const page: { results: T[]; next: string | null } = await ask(next);
      found.push(...page.results);
      next = page.next;
    }
    return found;
  }

  /** What was taken lies in a folder until a worker has dealt with it. */
  async function digested(): Promise<void> {
    const inbox = join(home, 'ingestion');
    const deadline = Date.now() + DIGEST_WITHIN_MS;
    while (existsSync(inbox) && readdirSync(inbox).length > 0) {
      if (Date.now() > deadline) throw new Error(`Bugsink did not get to its events:\n${log()}`);
      await new Promise((again) => setTimeout(again, POLL_MS));
    }
  }

  let projects = 0;
  return {
    log,
    stop,
    async newProject() {
      projects += 1;
      const { id } = await ask<{ id: string }>('projects/', {
        team: account.team,
        name: `project ${projects}`,
        alert_on_new_issue: false,
      });
      const { dsn } = await ask<{ dsn: string }>(`projects/${id}/`);
      const issues = async (): Promise<Issue[]> => {
        await digested();
        return askForAll<Issue>(`issues/?project=${id}&order=asc`);
      };
      return {
        dsn,
        issues,
        async events() {
          const found: StoredEvent[] = [];
          for (const issue of await issues()) {
            for (const listed of await askForAll<{ id: string }>(`events/?issue=${issue.id}&order=asc`)) {
              found.push({ ...(await ask<StoredEvent>(`events/${listed.id}/`)), issue });
            }
          }
          return found;
        },
      };
    },
  };
}

async function configure(
  programs: string,
  folder: string,
  port: number,
): Promise<{ token: string; team: string }> {
  const conf = ['--template=singleserver', '--host=127.0.0.1', `--base-dir=${folder}`];
  await run(join(programs, 'bugsink-create-conf'), conf, { cwd: folder });
  appendFileSync(
    join(folder, 'bugsink_conf.py'),
    `
ALLOWED_HOSTS = ["127.0.0.1"]
USE_X_REAL_IP = False
# An event that is not of Sentry's schema is refused; nothing is told to anybody outside.
BUGSINK.update(BASE_URL="http://127.0.0.1:${port}", VALIDATE_ON_DIGEST="strict", PHONEHOME=False)
`,
  );
  const env = { ...process.env, PYTHONPATH: folder };
  const { stdout } = await run(join(programs, 'python'), [SETUP], { cwd: folder, env });
  return JSON.parse(stdout) as { token: string; team: string };
}
