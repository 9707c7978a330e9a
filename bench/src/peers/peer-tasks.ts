/** Each peer in a process of its own. */
import { answerTasks } from '../child-tasks.ts'
import { openLangchainPeer } from './langchain-peer.ts'
import { openLlamaIndexPeer } from './llamaindex-peer.ts'
import type { LlamaIndexPlace } from './llamaindex-peer.ts'
import { openQuernPeer } from './quern-peer.ts'
import { runPeer } from './run-peer.ts'
import type { PeerPlace } from './run-peer.ts'
import { openVectraPeer } from './vectra-peer.ts'

export const peerTasks = {
  quern: async (place: PeerPlace) => runPeer(await openQuernPeer(place), place),
  langchain: async (place: PeerPlace) => runPeer(await openLangchainPeer(place), place),
  vectra: async (place: PeerPlace) => runPeer(await openVectraPeer(place), place),
  llamaindex: async (place: LlamaIndexPlace) => runPeer(await openLlamaIndexPeer(place), place),
}

answerTasks(peerTasks)
