import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUBJECTS } from './paths.mjs';

/** Others are compared with it. */
export const BARE = 'bare';
const FIRST = [BARE, 'floor', 'post-only', 'nestjs-raven', 'nestjs-raven-lean'];

/**
 * All subjects, in the order of the tables.
 *
 * @returns for each `name`, `dependencies`, and what its package.json says under `bench`: majors of `nest`,
 *   `platforms`, `preload`, whether it `reports`, the subject it is `like`, whose files it has beside its own
 */
export function allSubjects() {
  const names = readdirSync(SUBJECTS).filter((name) => existsSync(join(SUBJECTS, name, 'package.json')));
  const rank = (name) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return names
    .toSorted((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((name) => {
      const { dependencies = {}, bench } = JSON.parse(
        readFileSync(join(SUBJECTS, name, 'package.json'), 'utf8'),
      );
      return { name, dependencies, reports: true, ...bench };
    });
}

/** Whether a lost event is an error of ours, and goals are meant for it. */
export const isOurs = ({ dependencies }) => dependencies['nestjs-raven'] !== undefined;
