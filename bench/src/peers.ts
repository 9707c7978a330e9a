/**
 * The same corpus and model file through what people would use instead: LangChain's `index()` with its memory store, vectra's index of documents, LlamaIndex TS's
 * ingestion pipeline. Run: pnpm --filter @quern/bench run peers [--model starter|bge|FILE.gguf] [--files 100] [--questions 20] [--llamaindex FOLDER] [--quick] [--json FILE]
 * LlamaIndex is no dependency: `--llamaindex` names a folder in which `npm install llamaindex@0.12.1` was run.
 */
import { cp, mkdir, mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createTaskRunner } from './child-tasks.ts'
import { noteWords } from './classic/note-words.ts'
import { collectCorpus } from './end-to-end/collect-corpus.ts'
import { findModel } from './find-model.ts'
import { renderPeers } from './page/render-peers.ts'
import type { PeerOutcome, PeersFigures } from './peers/peer-figures.ts'
import type { peerTasks } from './peers/peer-tasks.ts'
import type { PeerPlace } from './peers/run-peer.ts'
import { beginRecord } from './results/record-result.ts'

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'starter' },
    files: { type: 'string' },
    questions: { type: 'string' },
    llamaindex: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})
const { quick } = values
const count = Number(values.files ?? (quick ? 2 : 100))
const questionCount = Number(values.questions ?? (quick ? 1 : 20))
const modelPath = await findModel(values.model)
const recorder = beginRecord({
  name: 'peers',
  quick,
  packages: ['node-llama-cpp', '@langchain/classic', '@langchain/core', 'vectra'],
  file: values.json,
})

await using temporary = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
const corpus = join(temporary.path, 'corpus')
const { files, bytes } = await collectCorpus(corpus, count)
const questions = Array.from({ length: questionCount }, (_, i) => noteWords.slice(i * 5, i * 5 + 6).join(' '))
const run = createTaskRunner<typeof peerTasks>(new URL('./peers/peer-tasks.ts', import.meta.url))

/** A copy of the corpus for each, since each changes it. */
async function preparePlace(name: string): Promise<PeerPlace> {
  const tree = join(temporary.path, `${name}-corpus`)
  const path = join(temporary.path, `${name}-index`)
  await cp(corpus, tree, { recursive: true, preserveTimestamps: true })
  await mkdir(path)
  return { tree, path, modelPath, questions }
}

type Measured = Awaited<ReturnType<typeof run<'quern'>>>

async function measure(name: string, task: (place: PeerPlace) => Promise<Measured>): Promise<PeerOutcome> {
  try {
    const { result, peakBytes } = await task(await preparePlace(name))
    return { ...result, peakBytes }
  } catch (error) {
    return { reason: (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '' }
  }
}

const installed =
  values.llamaindex === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? '.', values.llamaindex)
const figures: PeersFigures = {
  model: basename(modelPath),
  files,
  bytes,
  changedFiles: Math.ceil(files / 100),
  questions: questionCount,
  peers: {
    Quern: await measure('quern', (place) => run('quern', place)),
    'LangChain index()': await measure('langchain', (place) => run('langchain', place)),
    vectra: await measure('vectra', (place) => run('vectra', place)),
    ...(installed === undefined
      ? {}
      : { 'LlamaIndex TS': await measure('llamaindex', (place) => run('llamaindex', { ...place, installed })) }),
  },
}
console.log(renderPeers(await recorder.record(figures)))
