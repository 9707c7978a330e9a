import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openFileLoader } from '../../src/index.ts'
import { listEntries } from '../list-entries.ts'

const gigabyte = 2 ** 30

/** A file that begins and ends with these texts, with zero bytes between them that take no room on the disk. */
async function writeSparse(path: string, begin: string, end: string): Promise<void> {
  await using file = await open(path, 'w')
  await file.write(begin, 0)
  await file.write(end, gigabyte)
}

/** Most memory that the process held while it did something, above what it held before, in bytes. */
async function growthOf(action: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10)
  try {
    await action()
  } finally {
    clearInterval(watch)
  }
  return most - before
}

test.each([
  {
    file: 'a.jsonl',
    end: '"}\n{"id":"last","text":"still read"}\n',
    says: 'the record on line 2 is left out: it is longer than 8388608 bytes',
    read: ['r/a.jsonl#first', 'r/a.jsonl#last'],
  },
  {
    file: 'a.csv',
    end: '"\nlast,still there\n',
    says: 'after line 3 it cannot be read on: Max Record Size',
    read: ['r/a.csv#first'],
  },
])('a line of 1 GiB in $file is reported in little memory', async ({ file, end, says, read }) => {
  await using folder = await temporaryFolder()
  // The head of a file of rows tells its encoding, so there it must be text.
  const rows = `id,text\nfirst,one\n"${'x'.repeat(100_000)}`
  const begin = file.endsWith('.csv') ? rows : '{"id":"first","text":"one"}\n{"text":"'
  await writeSparse(join(folder.path, file), begin, end)
  const roots = [{ path: folder.path, name: 'r' }]
  await using loader = await openFileLoader({ roots, records: [{ files: ['*'] }] })
  const ids: string[] = []
  const details: string[] = []
  const growth = await growthOf(async () => {
    for await (const entry of loader.list()) {
      if (entry.type === 'source') ids.push(entry.source.id)
      else details.push(`${entry.reason}: ${entry.detail}`)
    }
  })
  expect(ids).toEqual(read)
  expect(details).toEqual([expect.stringContaining(`BAD_RECORD: ${says}`)])
  expect(growth).toBeLessThan(256 * 2 ** 20)
})

test('a text of 1 GiB is too large, and is not opened', async () => {
  await using folder = await temporaryFolder()
  await writeSparse(join(folder.path, 'a.txt'), 'x', 'y')
  await using loader = await openFileLoader({ roots: [{ path: folder.path, name: 'r' }] })
  const growth = await growthOf(async () => {
    expect(await listEntries(loader)).toMatchObject([{ id: 'r/a.txt', reason: 'TOO_LARGE' }])
  })
  expect(growth).toBeLessThan(64 * 2 ** 20)
})
