import { parseArgs } from 'node:util';

const USAGE = `npm run bench [-- options]
  --quick                 this package and bare Nest alone, under three minutes
  --only a,b              subjects (bare is always measured)
  --scenario a,b          scenarios
  --nest 11,12            majors of NestJS
  --platform express,fastify
  --rounds n              of each scenario
  --minutes n             nothing more is measured after these; default 35, with --quick 2.75`;

/**
 * What is asked for on the command line. Ends the process where it cannot be understood.
 *
 * @returns lists where something was chosen, undefined where not
 */
export function readCommandLine() {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        only: { type: 'string' },
        scenario: { type: 'string' },
        nest: { type: 'string' },
        platform: { type: 'string' },
        rounds: { type: 'string' },
        minutes: { type: 'string' },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const { only, scenario, nest, platform, rounds } = values;
    return {
      quick: values.quick,
      isFull: !values.quick && [only, scenario, nest, platform, rounds].every((value) => value === undefined),
      only: only?.split(','),
      scenarios: scenario?.split(','),
      nests: nest?.split(',').map(Number),
      platforms: platform?.split(','),
      rounds: rounds && Number(rounds),
      minutes: Number(values.minutes ?? (values.quick ? 2.75 : 35)),
    };
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}
