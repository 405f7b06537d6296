import { join } from 'node:path';

/** What is done with a sample, and what must come of it; see scripts/sample-steps.mjs. */
export interface SampleStep {
  path?: string;
  program?: string;
  status?: number;
  reports?: { type: string; transaction: string }[];
  isShown?: boolean;
}

export interface Sample {
  name: string;
  portCount: number;
  steps: SampleStep[];
}

/** One that runs. */
export interface RunningSample {
  name: string;
  ports: number[];
}

/** What scripts/ knows of samples, and does with them. */
export interface Samples {
  sampleNames: string[];
  readSample(name: string): Promise<Sample>;
  nameOf(step: SampleStep): string;
  shellLine(sample: RunningSample, step: SampleStep): string;
  takeStep(sample: RunningSample, step: SampleStep): Promise<{ status?: number; eventId: string | null }>;
}

export const ROOT = join(__dirname, '../../..');

/** Loads what scripts/ has of samples. */
export async function loadSamples(): Promise<Samples> {
  return {
    ...((await import(join(ROOT, 'scripts/samples.mjs'))) as object),
    ...((await import(join(ROOT, 'scripts/sample-steps.mjs'))) as object),
  } as Samples;
}
