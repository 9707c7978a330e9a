/** What the naive way does, each in a process of its own. */
import { stat } from 'node:fs/promises'
import { answerTasks } from '../child-tasks.ts'
import { changedDocuments } from '../corpus/changed-documents.ts'
import { createGeneratedCorpus } from '../corpus/generated-corpus.ts'
import { timed } from '../measure.ts'
import { comeToRest } from './come-to-rest.ts'
import type { NaiveRecord } from './naive-file.ts'
import { readNaiveFile, toNaiveRecords, writeNaiveFile } from './naive-file.ts'

const tasks = {
  /** Writes all chunks. */
  async write({ file, chunks, indent }: { file: string; chunks: number; indent?: number }) {
    const records: NaiveRecord[] = []
    for (const batch of createGeneratedCorpus(chunks).batches(1000)) records.push(...batch.flatMap(toNaiveRecords))
    const seconds = await timed(() => writeNaiveFile(file, records, indent))
    return { seconds, bytes: (await stat(file)).size }
  },
  /** Loads all chunks, as every run and every search begins. */
  async load({ file }: { file: string }) {
    let loaded = 0
    await comeToRest()
    const seconds = await timed(async () => (loaded = (await readNaiveFile(file)).length))
    return { seconds, loaded }
  },
  /** A run with 200 changed chunks: loads, replaces, writes. */
  async change({ file, chunks, round }: { file: string; chunks: number; round: number }) {
    const changed = changedDocuments(createGeneratedCorpus(chunks), round)
    await comeToRest()
    const startedAt = performance.now()
    const records = await readNaiveFile(file)
    const sources = new Set<unknown>(changed.map(({ state }) => state.id))
    const kept = records.filter(({ metadata }) => !sources.has(metadata['source']))
    kept.push(...changed.flatMap(toNaiveRecords))
    const save = await timed(() => writeNaiveFile(file, kept))
    return { run: (performance.now() - startedAt) / 1000, save }
  },
}

export type NaiveTasks = typeof tasks
answerTasks(tasks)
