/**
 * Where the main thread's time and memory go in runs over real files, with an embedder that answers at once: what is left when the model takes no time. Run:
 * pnpm --filter @quern/bench run profile [--files 2000] [--store json|lancedb] [--top 12]
 */
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createTaskRunner } from './child-tasks.ts'
import { collectCorpus } from './end-to-end/collect-corpus.ts'
import { describeMachine } from './machine.ts'
import type { profileTasks } from './profile/profile-tasks.ts'
import type { Share, Shares } from './profile/summarise.ts'
import { formatCount, formatHead, formatMegabytes, formatRow, formatSeconds } from './report.ts'

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '2000' },
    store: { type: 'string', default: 'json' },
    top: { type: 'string', default: '12' },
  },
})
const store = values.store === 'lancedb' ? 'lancedb' : 'json'
const top = Number(values.top)

function printShares(title: string, { total, parts, functions }: Shares, format: (amount: number) => string): void {
  const row = ({ name, amount }: Share): string =>
    formatRow([name, format(amount), `${((100 * amount) / total).toFixed(1)} %`])
  console.log(`\n${formatHead([title, format(total), 'share'])}`)
  for (const part of parts.filter(({ amount }) => amount >= total / 100)) console.log(row(part))
  console.log(`\n${formatHead([`${title}: functions, without what they call`, '', 'share'])}`)
  for (const each of functions.slice(0, top)) console.log(row(each))
}

console.log(await describeMachine(['@lancedb/lancedb']))
await using folder = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
const tree = join(folder.path, 'corpus')
const { files, bytes } = await collectCorpus(tree, Number(values.files))
console.log(
  `\n${formatCount(files)} real files, ${formatMegabytes(bytes)}; ${store} store; each run in a process of its own`,
)
const run = createTaskRunner<typeof profileTasks>(new URL('./profile/profile-tasks.ts', import.meta.url))
const at = (name: string) => ({ tree, store, path: join(folder.path, name) }) as const
printShares('first run, main thread', (await run('profileCpu', at('a'))).result, formatSeconds)
printShares('first run, allocated', (await run('profileAllocations', at('b'))).result, formatMegabytes)
printShares('nothing changed, main thread', (await run('profileCpu', at('a'))).result, formatSeconds)
