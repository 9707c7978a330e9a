/** Runs over a real corpus, each in a process of its own. */
import { createChunker } from '@quern/chunker'
import { openLlamaEmbedder } from '@quern/embedder'
import { openFileLoader } from '@quern/loader'
import { indexCorpus } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import { answerTasks } from '../child-tasks.ts'
import { createStageClock } from './stage-clock.ts'
import { timeStages } from './time-stages.ts'

/** What a run works on. */
interface RunPlace {
  readonly tree: string
  readonly path: string
  readonly modelPath: string
}

export const endToEndTasks = {
  async index({ tree, path, modelPath }: RunPlace) {
    const startedAt = performance.now()
    const clock = createStageClock()
    await using loader = await openFileLoader({ roots: [{ path: tree, name: 'corpus' }] })
    await using embedder = await openLlamaEmbedder({ modelPath, gpu: 'off' })
    const store = await clock.during('store', () => openJsonStore({ path, mode: 'write', space: embedder.space }))
    const chunker = createChunker({ maxTokens: embedder.maxTokens, countTokens: (text) => embedder.countTokens(text) })
    const stages = timeStages({ loader, chunker, embedder, store }, clock)
    const { sources, chunks, tokens } = await indexCorpus(stages)
    await stages.store.close()
    const { user, system } = process.cpuUsage()
    return {
      seconds: (performance.now() - startedAt) / 1000,
      stages: clock.read(),
      cpuSeconds: (user + system) / 1e6,
      files: sources.new + sources.changed + sources.unchanged,
      failed: sources.failed,
      chunks: chunks.written,
      embedded: chunks.embedded,
      tokens,
    }
  },
}

answerTasks(endToEndTasks)
