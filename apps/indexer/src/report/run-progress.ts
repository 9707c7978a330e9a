import type { PipelineEvent } from '@quern/pipeline'

/** Where a run stands. */
export interface ProgressSnapshot {
  readonly stage: 'listing' | 'loading the model' | 'embedding' | 'done'
  /** Sources listed so far. */
  readonly listed: number
  readonly toProcess: number
  readonly loaded: number
  readonly embedded: number
  /** Sources that are stored durably, or have failed. */
  readonly committed: number
  /** Chunks that will be embedded in all: known for the sources loaded so far, estimated for the rest as soon as there are enough to judge by. */
  readonly expected: number
  readonly chunksPerSecond: number
  readonly tokensPerSecond: number
  /** Undefined until there is a rate to judge by. */
  readonly remainingMs: number | undefined
  readonly source: string
}

/** Follows the events of a run. */
export interface RunProgress {
  readonly observe: (event: PipelineEvent) => void
  readonly snapshot: () => ProgressSnapshot
}

const rateWindowMs = 15_000
/** The first sources may be of an unusual size: before one in twenty, or twenty, is loaded, nothing is said of the others. */
const sourcesToJudgeBy = 20

/** Follows a run; rates are those of the last 15 seconds. `now` gives milliseconds. */
export function createRunProgress(now: () => number = () => performance.now()): RunProgress {
  let stage: ProgressSnapshot['stage'] = 'listing'
  let listed = 0
  let toProcess = 0
  // A source that fails while it is embedded has been loaded before.
  const loaded = new Set<string>()
  let embedded = 0
  let committed = 0
  let toEmbed = 0
  let source = ''
  const samples: { at: number; embedded: number; tokens: number }[] = []

  const sample = (tokens: number): void => {
    const at = now()
    // Ten samples a second are enough for a rate.
    if (samples.length > 1 && at - (samples.at(-2)?.at ?? 0) < 100) samples.pop()
    samples.push({ at, embedded, tokens })
    while (samples.length > 2 && at - (samples[1]?.at ?? at) > rateWindowMs) samples.shift()
  }

  return {
    observe(event) {
      switch (event.type) {
        case 'sources-listed':
          listed = event.count
          break
        case 'run-planned':
          toProcess = event.toProcess
          stage = 'embedding'
          break
        case 'model-loading':
          stage = 'loading the model'
          break
        case 'model-loaded':
          stage = 'embedding'
          break
        case 'source-loaded':
          loaded.add(event.source)
          toEmbed += event.toEmbed
          source = event.source
          if (samples.length === 0) sample(0)
          break
        case 'source-failed':
          loaded.add(event.source)
          break
        case 'chunk-embedded':
          embedded = event.embedded
          source = event.source
          sample(event.tokens)
          break
        case 'batch-committed':
          committed = event.processed
          break
        case 'run-finished':
          stage = 'done'
          break
        default:
          break
      }
    },
    snapshot() {
      const [first] = samples
      const last = samples.at(-1)
      const seconds = first === undefined || last === undefined ? 0 : (last.at - first.at) / 1000
      const rate = (value: number): number => (seconds > 0 ? value / seconds : 0)
      const chunksPerSecond = rate((last?.embedded ?? 0) - (first?.embedded ?? 0))
      const tellsEnough = loaded.size >= Math.min(sourcesToJudgeBy, Math.ceil(toProcess / sourcesToJudgeBy))
      const estimate = loaded.size === 0 ? 0 : Math.round((toEmbed * toProcess) / loaded.size)
      const expected = Math.max(toEmbed, tellsEnough ? estimate : 0)
      return {
        stage,
        listed,
        toProcess,
        loaded: loaded.size,
        embedded,
        committed,
        expected,
        chunksPerSecond,
        tokensPerSecond: rate((last?.tokens ?? 0) - (first?.tokens ?? 0)),
        remainingMs: tellsEnough && chunksPerSecond > 0 ? ((expected - embedded) / chunksPerSecond) * 1000 : undefined,
        source,
      }
    },
  }
}
