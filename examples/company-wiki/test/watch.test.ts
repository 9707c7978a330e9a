import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fencedBlocks, runNode, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '..')
const manifest = createRequire(import.meta.url).resolve('@quern/indexer/package.json')
const { bin } = JSON.parse(await readFile(manifest, 'utf8')) as { bin: { indexer: string } }
const cli = join(dirname(manifest), bin.indexer)

/** The wiki with its configuration, at a place that may be changed. */
async function copyWiki() {
  const temporary = await temporaryFolder()
  for (const part of ['indexer.config.yaml', 'pages']) {
    await cp(join(folder, part), join(temporary.path, part), { recursive: true })
  }
  return temporary
}

test('what is written while the wiki is watched is found, and what is removed is not', async () => {
  await using wiki = await copyWiki()
  const watch = spawn(process.execPath, [cli, 'watch', '--json', '--debounce', '0.2'], { cwd: wiki.path })
  const ended = once(watch, 'close')
  const lines = createInterface({ input: watch.stdout })[Symbol.asyncIterator]()
  const nextRun = async (): Promise<unknown> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done === true) throw new Error('the watch has ended')
      const event = JSON.parse(value) as { type: string; sources: unknown }
      if (event.type === 'run-finished') return event.sources
    }
  }
  try {
    expect(await nextRun()).toMatchObject({ new: 2 })
    await writeFile(join(wiki.path, 'pages', 'keys.md'), '# Keys\n\nThe spare keys of the archive hang in the porch.\n')
    expect(await nextRun()).toMatchObject({ new: 1, unchanged: 2 })
    const { stdout } = await runNode([cli, 'search', 'Where are the spare keys?', '--limit', '1'], { cwd: wiki.path })
    expect(stdout).toContain('pages/keys.md:1')
    await rm(join(wiki.path, 'pages', 'keys.md'))
    expect(await nextRun()).toMatchObject({ deleted: 1, unchanged: 2 })
  } finally {
    watch.kill('SIGINT')
  }
  expect((await ended)[0]).toBe(130)
})

test('the README shows the configuration that is used', async () => {
  const blocks = fencedBlocks(await readFile(join(folder, 'README.md'), 'utf8'))
  const yaml = blocks.find(({ language }) => language === 'yaml')
  expect(yaml?.text).toBe(await readFile(join(folder, 'indexer.config.yaml'), 'utf8'))
})
