/** What the naive way does, each in a process of its own. */
import { stat } from 'node:fs/promises'
import { answerTasks } from '../child-tasks.ts'
import { changedDocuments } from '../corpus/changed-documents.ts'
import type { GeneratedQuery } from '../corpus/generated-corpus.ts'
import { createGeneratedCorpus } from '../corpus/generated-corpus.ts'
import { timed } from '../measure.ts'
import { comeToRest } from '../come-to-rest.ts'
import type { NaiveRecord } from './naive-file.ts'
import { readNaiveFile, searchNaively, toNaiveRecords, writeNaiveFile } from './naive-file.ts'

const limit = 10

const tasks = {
  /** Writes all chunks. */
  async write({ file, chunks, indent }: { file: string; chunks: number; indent?: number }) {
    const records: NaiveRecord[] = []
    for (const batch of createGeneratedCorpus(chunks).batches(1000)) records.push(...batch.flatMap(toNaiveRecords))
    const seconds = await timed(() => writeNaiveFile(file, records, indent))
    return { seconds, bytes: (await stat(file)).size }
  },
  /** Reads and parses all chunks, as every run and every search begins. */
  async parse({ file }: { file: string }) {
    let parsed = 0
    await comeToRest()
    const seconds = await timed(async () => (parsed = (await readNaiveFile(file)).length))
    return { seconds, parsed }
  },
  /** From nothing to the first answer; `parse`: the part of the seconds that goes before the search. */
  async load({ file, query }: { file: string; query: GeneratedQuery }) {
    const numbers = [...query.vector]
    let parse = 0
    let found: string[] = []
    await comeToRest()
    const seconds = await timed(async () => {
      let records: NaiveRecord[] = []
      parse = await timed(async () => (records = await readNaiveFile(file)))
      found = searchNaively(records, numbers, limit)
    })
    return { seconds, parse, found: found.length }
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
