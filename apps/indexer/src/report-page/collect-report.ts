import type { VectorStore } from '@quern/core'
import type { LastRun } from '../stages/last-run.ts'
import { drawMap, neighboursOnMap } from './draw-map.ts'
import { findNeighbours } from './find-neighbours.ts'
import type { Neighbours } from './find-neighbours.ts'
import { groupByFolder } from './group-by-folder.ts'
import type { NearDuplicate, ReportData, ReportEvent } from './report-data.ts'
import { surveyCorpus } from './survey-corpus.ts'
import type { SampledChunk } from './survey-corpus.ts'

/** What a report is made of. */
export interface ReportRequest {
  readonly store: VectorStore
  /** Most chunks on the map. */
  readonly sampleSize: number
  /** The longest text that the model reads, in tokens, where that is known. */
  readonly window: number | undefined
  readonly lastRun: LastRun | undefined
  readonly signal: AbortSignal
  readonly onEvent: (event: ReportEvent) => void
}

const nearlyEqual = 0.95
const mostDuplicates = 20

function shown({ place, text }: SampledChunk): NearDuplicate['a'] {
  return { place, text }
}

/** Pairs of sources with nearly equal chunks, those with the nearest first. */
function duplicatesOf(sample: readonly SampledChunk[], { pairs }: Neighbours): NearDuplicate[] {
  const bySources = new Map<string, NearDuplicate>()
  for (const { a, b, score } of pairs) {
    const [one, other] = [sample[a], sample[b]]
    if (one === undefined || other === undefined) continue
    const key = JSON.stringify([one.source, other.source].toSorted())
    const known = bySources.get(key)
    bySources.set(
      key,
      known === undefined
        ? { score, pairs: 1, sameText: one.textHash === other.textHash, a: shown(one), b: shown(other) }
        : { ...known, pairs: known.pairs + 1 },
    )
  }
  return [...bySources.values()].slice(0, mostDuplicates)
}

function lastRunOf(run: LastRun | undefined): ReportData['lastRun'] {
  if (run === undefined) return null
  const { finishedAt, failures, failuresLeftOut } = run
  return { finishedAt, failures, failuresLeftOut }
}

/** Reads a store and works out everything that its report shows. */
export async function collectReport(request: ReportRequest): Promise<ReportData> {
  const { store, window, signal, onEvent } = request
  const { sample, lengths, biggest } = await surveyCorpus(request)
  const vectors = sample.map(({ vector }) => vector)
  const neighbours = await findNeighbours(vectors, { count: neighboursOnMap, nearlyEqual, signal, onEvent })
  const places = await drawMap({ vectors, neighbours, signal, onEvent })
  const { names, groups } = groupByFolder(sample.map(({ source }) => source))
  const { location: path, type, bytes, updatedAt, sources, chunks } = await store.stats()
  return {
    store: { path, type, bytes, updatedAt },
    model: { name: store.space.model, dimensions: store.space.dimensions },
    sources,
    chunks,
    madeAt: new Date().toISOString(),
    folders: names,
    points: sample.map(({ place, headings, text }, index) => {
      const [x, y] = places[index] ?? [0.5, 0.5]
      return { x, y, folder: groups[index] ?? 0, place, headings, text }
    }),
    lengths: { ...lengths, window: window ?? null },
    biggest,
    duplicates: duplicatesOf(sample, neighbours),
    lastRun: lastRunOf(request.lastRun),
  }
}
