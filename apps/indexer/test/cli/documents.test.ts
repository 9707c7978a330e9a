import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '@quern/test-fixtures'
import { runInProcess } from './run-in-process.ts'

test('plan --explain says what decides on a path', async () => {
  await using folder = await temporaryFolder()
  const docs = join(folder.path, 'docs')
  await mkdir(join(docs, 'drafts'), { recursive: true })
  await writeFile(join(docs, '.gitignore'), 'drafts/\n')
  await writeFile(join(docs, 'a.md'), 'x')
  await writeFile(join(docs, 'drafts', 'b.md'), 'x')
  const explain = async (path: string) => {
    const { stdout, exitCode } = await runInProcess(['plan', 'docs', '--explain', path], { cwd: folder.path })
    expect(exitCode).toBe(0)
    return stdout
  }
  expect(await explain('docs/a.md')).toBe('docs/a.md is indexed as docs/a.md, one document (markdown)\n')
  expect(await explain('docs/drafts/b.md')).toMatch(
    /^docs\/drafts\/b\.md is not indexed: docs\/drafts is IGNORED: ignored by .*\.gitignore/,
  )
  expect(await explain('docs/none.md')).toBe('docs/none.md is not there\n')
  expect(await explain('package.json')).toBe('package.json is not indexed: it lies in none of the sources\n')
})

test('records are indexed one by one, and only the changed one again', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'data', 'tickets.csv')
  await mkdir(join(folder.path, 'data'))
  const config = { sources: ['data'], records: [{ files: ['*.csv'], id: 'nr', text: ['body'], title: 'subject' }] }
  await writeFile(join(folder.path, 'indexer.config.json'), JSON.stringify(config))
  await writeFile(file, 'nr,subject,body\n1,Stones,The stones are worn.\n2,Flour,The flour is coarse.\n')
  const first = await runInProcess(['run', '--json'], { cwd: folder.path })
  expect(first.events().at(-1)).toMatchObject({ sources: { new: 2 }, chunks: { embedded: 2 }, exitCode: 0 })

  await writeFile(
    file,
    'nr,subject,body\n0,New,A new one.\n1,Stones,The stones are worn.\n2,Flour,The flour is fine.\n',
  )
  const second = await runInProcess(['run', '--json'], { cwd: folder.path })
  expect(second.events().at(-1)).toMatchObject({
    sources: { new: 1, changed: 1, unchanged: 1, deleted: 0 },
    chunks: { embedded: 2 },
  })
  const search = await runInProcess(['search', 'coarse or fine flour', '--limit', '1', '--json'], { cwd: folder.path })
  expect(search.events()).toMatchObject([{ metadata: { source: 'data/tickets.csv#2', title: 'Flour' } }])

  await writeFile(file, 'nr,subject,body\n1,Stones\n2,Flour,The flour is fine.\n')
  const third = await runInProcess(['run', '--json'], { cwd: folder.path })
  expect(third.exitCode).toBe(3)
  expect(third.events().at(-1)).toMatchObject({ sources: { deleted: 0, unchanged: 1, failed: 1 } })
})

test('a reader of the configuration reads its ending, and what it throws is told of its file', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'docs'))
  await writeFile(join(folder.path, 'docs', 'good.note'), 'Mills\nThe stones are worn.')
  await writeFile(join(folder.path, 'docs', 'bad.note'), '')
  const config = `
    const read = async ({ bytes }) => {
      if (bytes.length === 0) throw new Error('a note has a title')
      const [title, ...lines] = new TextDecoder().decode(bytes).split('\\n')
      return { pageContent: lines.join('\\n'), metadata: { title } }
    }
    const note = { name: 'note', version: 1, mediaType: 'text/x-note', extensions: ['.note'], read }
    export default { sources: ['docs'], readers: [note] }`
  await writeFile(join(folder.path, 'indexer.config.mjs'), config)
  const explained = await runInProcess(['plan', '--explain', 'docs/good.note'], { cwd: folder.path })
  expect(explained.stdout).toBe('docs/good.note is indexed as docs/good.note, one document (note)\n')
  const run = await runInProcess(['run', '--json'], { cwd: folder.path })
  expect(run.events().at(-1)).toMatchObject({ sources: { new: 1, failed: 1 }, chunks: { embedded: 1 } })
  expect(run.stdout + run.stderr).toContain('a note has a title')
})
