import boot from './boot.mjs';
import described from './described.mjs';
import handled from './handled.mjs';
import memory from './memory.mjs';
import ok from './ok.mjs';
import paced from './paced.mjs';
import storm from './storm.mjs';
import throwing from './throwing.mjs';
import { dead, hanging, refusing } from './unwell-server.mjs';

/** All scenarios, in the order they are measured and shown. */
export const SCENARIOS = [
  ok,
  described,
  handled,
  throwing,
  paced,
  dead,
  hanging,
  refusing,
  storm,
  boot,
  memory,
];
