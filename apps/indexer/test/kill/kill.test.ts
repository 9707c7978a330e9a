import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { indexOnce, readStore } from './index-once.ts'

const killedRun = fileURLToPath(new URL('killed-run.ts', import.meta.url))

function paragraphs(name: string, count: number): string {
  return Array.from(
    { length: count },
    (_, i) =>
      `# ${name} part ${i}\n\nWhat ${name} says in part ${i} of ${count}, told with a few more words, which are the same in every part and every file, so that a part fills a chunk.\n`,
  ).join('\n')
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
}

const firstFiles = {
  'a.md': paragraphs('anvil', 9),
  'b.txt': paragraphs('bellows', 4),
  'c.md': paragraphs('crucible', 10),
  'd.md': '',
  'e.md': paragraphs('ember', 3),
}

/** What a person does to the folder before the run that is killed. */
const scenarios: Record<string, (folder: string) => Promise<void>> = {
  'first run': async () => {},
  'edit, add, move and delete': async (folder) => {
    await writeFiles(folder, {
      'a.md': paragraphs('anvil', 9).replace('part 3 of 9', 'part three of nine'),
      'd.md': paragraphs('draught', 5),
      'f.md': paragraphs('forge', 7),
      'moved.md': paragraphs('crucible', 10),
    })
    await rm(join(folder, 'b.txt'))
    await rm(join(folder, 'c.md'))
  },
}

async function countMoments(corpus: string, store: string): Promise<number> {
  let moments = 0
  const pass = (): void => void moments++
  await indexOnce({ corpus, store, onEvent: pass, beforeText: pass })
  return moments
}

test.for(Object.keys(scenarios))('killed at every moment of: %s', { timeout: 240_000 }, async (name) => {
  await using temporary = await temporaryFolder()
  const corpus = join(temporary.path, 'corpus')
  const before = join(temporary.path, 'before')
  const undisturbed = join(temporary.path, 'undisturbed')
  await writeFiles(corpus, firstFiles)
  if (name !== 'first run') await indexOnce({ corpus, store: before })
  else await mkdir(before)
  await scenarios[name]?.(corpus)

  await cp(before, undisturbed, { recursive: true, preserveTimestamps: true })
  const moments = await countMoments(corpus, undisturbed)
  const expected = await readStore(undisturbed)
  expect(moments).toBeGreaterThan(40)

  const killAt = async (moment: number): Promise<void> => {
    const store = join(temporary.path, `killed-${moment}`)
    await cp(before, store, { recursive: true, preserveTimestamps: true })
    const child = spawn(process.execPath, [killedRun, corpus, store, String(moment)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect(signal, `killed at moment ${moment}`).toBe('SIGKILL')

    const held = moment === 0 && name === 'first run' ? new Set<string>() : (await readStore(store)).texts
    const { report, embedded } = await indexOnce({ corpus, store })
    expect(
      embedded.filter((text) => held.has(text)),
      `embedded twice after moment ${moment}`,
    ).toEqual([])
    expect(report.sources.failed).toBe(0)
    expect(await readStore(store), `store after moment ${moment}`).toEqual(expected)
    const { report: third } = await indexOnce({ corpus, store })
    expect(third.chunks).toEqual({ embedded: 0, reused: 0, written: 0, deleted: 0 })
    await rm(store, { recursive: true })
  }

  // Two at a time: a child's start is most of its life.
  const queue = Array.from({ length: moments }, (_, moment) => moment)
  const worker = async (): Promise<void> => {
    for (let moment = queue.shift(); moment !== undefined; moment = queue.shift()) await killAt(moment)
  }
  await Promise.all([worker(), worker()])
})
