import { appendFile, cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runExample, runNode, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '..')

test('the README shows the code that runs, and what it prints', async () => {
  await using temporary = await temporaryFolder()
  const run = ['data', join(temporary.path, 'store')]
  const { shown, actual } = await runExample(folder, [run, [...run, 'the first light of the universe']])
  expect(actual).toEqual(shown)
})

test('a run embeds the news that came, forgets those that are gone, and leaves the others alone', async () => {
  await using temporary = await temporaryFolder()
  const data = join(temporary.path, 'data')
  const feed = join(data, 'news.jsonl')
  await cp(join(folder, 'data'), data, { recursive: true })
  const run = async (): Promise<string> => {
    const { stdout } = await runNode(['src/main.ts', data, join(temporary.path, 'store')], { cwd: folder })
    return stdout
  }
  expect(await run()).toBe('3 new, 0 changed, 0 gone; 3 embedded\n')
  await appendFile(feed, '{"id":"4","headline":"Baker buys a quern","text":"By hand.","section":"local"}\n')
  expect(await run()).toBe('1 new, 0 changed, 0 gone; 1 embedded\n')
  const [first = '', ...others] = (await readFile(feed, 'utf8')).split('\n')
  await writeFile(feed, [first.replace('again', 'anew'), ...others.slice(1)].join('\n'))
  expect(await run()).toBe('0 new, 1 changed, 1 gone; 1 embedded\n')
})
