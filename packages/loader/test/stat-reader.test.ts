import type { BigIntStats } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createStatReader } from '../src/stat-reader.ts'

const stats = { size: 1n } as BigIntStats

/** A reader on a disk that takes as many milliseconds for a path as its name says. */
function createReader() {
  let time = 0
  const read: string[] = []
  const reader = createStatReader({
    here: (path) => {
      read.push(`here ${path}`)
      time += Number(path)
      if (path === 'NaN') throw Object.assign(new Error('nothing is here'), { code: 'ENOENT' })
      return stats
    },
    elsewhere: async (path) => {
      read.push(`elsewhere ${path}`)
      return stats
    },
    now: () => time,
  })
  return { reader, read }
}

test('files whose status takes microseconds are read in this thread', async () => {
  const { reader, read } = createReader()
  for (let i = 0; i < 100; i++) expect(await reader('0.01')).toBe(stats)
  expect(new Set(read)).toEqual(new Set(['here 0.01']))
})

test('after one that took long, the next 32 are read in other threads', async () => {
  const { reader, read } = createReader()
  await reader('4')
  const next = Array.from({ length: 33 }, async () => reader('0.01'))
  await Promise.all(next)
  expect(read).toEqual(['here 4', ...Array<string>(32).fill('elsewhere 0.01'), 'here 0.01'])
})

test('the event loop goes on between them', async () => {
  const { reader, read } = createReader()
  let readBefore = 0
  const waiting = nextTurn().then(() => (readBefore = read.length))
  for (let i = 0; i < 1000; i++) await reader('0.05')
  await waiting
  expect(readBefore).toBeLessThanOrEqual(100)
})

test('what cannot be read rejects', async () => {
  const { reader } = createReader()
  await expect(reader('NaN')).rejects.toMatchObject({ code: 'ENOENT' })
})
