import { openJsonStore } from '@quern/store-json'
import { createGeneratedCorpus, space } from '../corpus/generated-corpus.ts'
import { existsSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { readNaiveFile, toNaiveRecords, writeNaiveFile } from './naive-file.ts'
const chunks = Number(process.argv[2] ?? 10000)
const encoding = (process.argv[3] ?? 'decimal') as 'decimal'
const mode = process.argv[4] ?? 'load'
const path = `/tmp/probe-${chunks}-${encoding}`
if (!existsSync(path)) {
  const store = await openJsonStore({ path, mode: 'write', space, layout: 'segments', encoding })
  for (const put of createGeneratedCorpus(chunks).batches(1000)) await store.commit({ put })
  await store.close()
  const records = []
  for (const put of createGeneratedCorpus(chunks).batches(1000)) records.push(...put.flatMap(toNaiveRecords))
  await writeNaiveFile(`/tmp/probe-${chunks}.json`, records)
  process.exit()
}
if (mode === 'naive') {
  const t = performance.now()
  await readNaiveFile(`/tmp/probe-${chunks}.json`)
  console.log('naive', performance.now() - t)
} else {
  const [query] = createGeneratedCorpus(chunks).queries(1)
  const t = performance.now()
  const store = await openJsonStore({ path, mode: 'read', vectorCache: false })
  const opened = performance.now()
  await store.search({ mode: 'vector', vector: query!.vector, limit: 10 })
  await store.close()
  console.log('store', performance.now() - t, 'open', opened - t)
}
