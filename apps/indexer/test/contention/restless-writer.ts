/**
 * Writes one version of a source after the other until its input ends: node restless-writer.ts <json|lancedb> <folder>. Says `ready` after the
 * first, and the number of versions at its end.
 */
import { openToWrite } from '../kill/stored-at.ts'
import type { StoreType } from '../kill/stored-at.ts'
import { sourceOf, space } from './versioned-source.ts'

const [type = 'json', path = ''] = process.argv.slice(2)
const over = new AbortController()
process.stdin.on('end', () => over.abort())
process.stdin.resume()

await using store = await openToWrite(type as StoreType, path, space)
let version = 0
for (; !over.signal.aborted; version++) {
  await store.commit({ put: [sourceOf('docs/a.md', version), sourceOf(`docs/${version % 50}.md`, version)] })
  if (version === 0) process.stdout.write('ready\n')
  if (version % 40 === 39) await store.maintain()
}
process.stdout.write(`${version}\n`)
