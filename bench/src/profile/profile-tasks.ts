/** A first run and one with nothing changed, profiled, each in a process of its own. */
import { createChunker, estimateTokens } from '@quern/chunker'
import { openFileLoader } from '@quern/loader'
import { indexCorpus } from '@quern/pipeline'
import { openJsonStore } from '@quern/store-json'
import { openLanceStore } from '@quern/store-lancedb'
import { answerTasks } from '../child-tasks.ts'
import { createForgetfulEmbedder } from '../forgetful-embedder.ts'
import { profileAllocations, profileCpu } from './profile-work.ts'
import { summariseCpu, summariseHeap } from './summarise.ts'

/** A run to profile. */
interface ProfiledRun {
  readonly tree: string
  readonly path: string
  readonly store: 'json' | 'lancedb'
}

async function index({ tree, path, store: type }: ProfiledRun): Promise<void> {
  const embedder = createForgetfulEmbedder(384)
  const { space } = embedder
  await using loader = await openFileLoader({ roots: [{ path: tree, name: 'corpus' }] })
  await using store =
    type === 'json'
      ? await openJsonStore({ path, mode: 'write', space })
      : await openLanceStore({ uri: path, mode: 'write', space })
  const chunker = createChunker({ maxTokens: 400, targetTokens: 260, countTokens: estimateTokens })
  await indexCorpus({ loader, chunker, embedder, store })
}

export const profileTasks = {
  profileCpu: async (run: ProfiledRun) => summariseCpu(await profileCpu(() => index(run))),
  profileAllocations: async (run: ProfiledRun) => summariseHeap(await profileAllocations(() => index(run))),
}

answerTasks(profileTasks)
