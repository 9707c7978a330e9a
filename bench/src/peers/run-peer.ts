import { changeOnePercent } from '../end-to-end/collect-corpus.ts'
import { median, timed } from '../measure.ts'
import type { PeerFigures, PeerRun } from './peer-figures.ts'

/** Where a peer works. */
export interface PeerPlace {
  /** Folder of the corpus; each peer has a copy of its own. */
  readonly tree: string
  /** An empty folder for what it keeps. */
  readonly path: string
  readonly modelPath: string
  readonly questions: readonly string[]
}

/** One way of keeping an index of a folder. */
export interface Peer {
  readonly isKept: boolean
  /** Brings the index to the state of the folder. */
  update(): Promise<void>
  search(question: string): Promise<unknown>
  /** Texts given to the model so far, questions included. */
  embedded(): number
  chunks(): Promise<number>
  cut(): number
}

/** First run, second run, a run after 1 % of the files changed, then the questions. */
export async function runPeer(peer: Peer, { tree, questions }: PeerPlace): Promise<PeerFigures> {
  const run = async (): Promise<PeerRun> => {
    const before = peer.embedded()
    const seconds = await timed(() => peer.update())
    return { seconds, embedded: peer.embedded() - before }
  }
  const first = await run()
  const unchanged = await run()
  await changeOnePercent(tree, 'A line that was not there before.')
  const changed = await run()
  const seconds: number[] = []
  for (const question of questions) seconds.push(await timed(() => peer.search(question)))
  const { isKept } = peer
  return { first, unchanged, changed, chunks: await peer.chunks(), cut: peer.cut(), search: median(seconds), isKept }
}
