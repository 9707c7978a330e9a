import type { HeapProfiler, Profiler } from 'node:inspector'
import { Session } from 'node:inspector/promises'

/** Between two samples of the processor, in microseconds. */
const samplingInterval = 500
/** Between two samples of the heap, in bytes allocated. */
const heapInterval = 32_768

/** Profiles what the main thread does while it works. */
export async function profileCpu(work: () => Promise<void>): Promise<Profiler.Profile> {
  using session = openSession()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: samplingInterval })
  await session.post('Profiler.start')
  await work()
  return (await session.post('Profiler.stop')).profile
}

/** Profiles what is allocated while it works: all of it, collected since or not. */
export async function profileAllocations(work: () => Promise<void>): Promise<HeapProfiler.SamplingHeapProfile> {
  using session = openSession()
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: heapInterval,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  })
  await work()
  return (await session.post('HeapProfiler.stopSampling')).profile
}

function openSession(): Session & Disposable {
  const session = new Session()
  session.connect()
  return Object.assign(session, { [Symbol.dispose]: () => session.disconnect() })
}
