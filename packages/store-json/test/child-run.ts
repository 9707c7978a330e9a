import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { argv } from 'node:process'
import type { JsonStoreOptions } from '../src/index.ts'
import { openJsonStore } from '../src/index.ts'
import { sourceOf, space } from './sample-store.ts'

/**
 * Commits to the store at the first argument until it is killed: source after source, from the number that is the second argument on, with
 * replacements and maintenance between. Writes the number of each source once its commit is acknowledged. The third argument are further
 * options as JSON.
 */
const [path = '', first = '0', options = '{}'] = argv.slice(2)
// So that the next child finds it: this one may be killed.
flushCompileCache()
const store = await openJsonStore({
  path,
  mode: 'write',
  space,
  ...(JSON.parse(options) as Partial<JsonStoreOptions>),
})
for (let number = Number(first); ; number++) {
  const put = [sourceOf(`docs/${number}.md`, [`text of ${number}`, 'common text'])]
  await store.commit({ put: [...put, sourceOf('docs/same.md', [`version ${number}`, 'a', 'b'])] })
  writeSync(1, `${number}\n`)
  if (number % 9 === 8) await store.maintain()
}
