import { copyAsCrashed } from '@quern/core/testing'
import { acquireWriterLock } from '@quern/core/files'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../files/temporary-folder.ts'

test('the copy of a folder whose lock is held lets the next writer in, and the folder keeps its holder', async () => {
  await using folder = await temporaryFolder()
  await using left = await temporaryFolder()
  await mkdir(join(folder.path, 'store'))
  await writeFile(join(folder.path, 'store', 'data'), 'content')
  await using _ = await acquireWriterLock(join(folder.path, 'store', 'LOCK'))
  copyAsCrashed(folder.path, left.path)
  expect(await readFile(join(left.path, 'store', 'data'), 'utf8')).toBe('content')
  const next = await acquireWriterLock(join(left.path, 'store', 'LOCK'))
  await next.release()
  await expect(acquireWriterLock(join(folder.path, 'store', 'LOCK'))).rejects.toMatchObject({ code: 'STORE_BUSY' })
})

test('a lock under another name is ended when it is named, an empty one stays empty', async () => {
  await using folder = await temporaryFolder()
  await using left = await temporaryFolder()
  await writeFile(join(folder.path, 'LOCK'), '')
  await using _ = await acquireWriterLock(join(folder.path, 'writer.lock'))
  copyAsCrashed(folder.path, join(left.path, 'copy'), 'writer.lock')
  copyAsCrashed(folder.path, join(left.path, 'other'))
  const next = await acquireWriterLock(join(left.path, 'copy', 'writer.lock'))
  await next.release()
  expect(await readFile(join(left.path, 'other', 'LOCK'), 'utf8')).toBe('')
})

test('a lock that is no record of ours is an error that names it', async () => {
  await using folder = await temporaryFolder()
  await using left = await temporaryFolder()
  await writeFile(join(folder.path, 'LOCK'), 'held by somebody')
  expect(() => copyAsCrashed(folder.path, left.path)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(join(left.path, 'LOCK')) }),
  )
})
