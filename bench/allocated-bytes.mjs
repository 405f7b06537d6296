import { Session } from 'node:inspector/promises';

const INTERVAL_BYTES = 1024;

/** Samples what `work` allocates on the heap, what is collected meanwhile included: V8's profile of it. */
export async function allocationProfile(work) {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: INTERVAL_BYTES,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  await work();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  session.disconnect();
  return profile;
}

/** About how many bytes `work` allocates. */
export async function allocatedBytes(work) {
  const sum = ({ selfSize, children }) => children.reduce((bytes, child) => bytes + sum(child), selfSize);
  return sum((await allocationProfile(work)).head);
}
