import { appendFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { QuernError, sha256 } from '@quern/core'
import type { Source } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { readUnchangedFile } from '../src/read-unchanged-file.ts'
import type { Reader, ReadMetadata, ReadRequest } from '../src/readers/reader.ts'
import { onlySource } from './list-entries.ts'
import { makeFifo } from './make-fifo.ts'
import { openPlainLoader, plainReader } from './plain-reader.ts'

interface SourceFile extends AsyncDisposable {
  readonly path: string
  readonly source: Source
}

/** A file on the disk, listed, with the text that it has then. */
async function listedFile(text: string, reader: Reader = plainReader): Promise<SourceFile> {
  const folder = await temporaryFolder()
  const path = join(folder.path, 'my file.md')
  await writeFile(path, text)
  const loader = await openPlainLoader({ roots: [{ path: folder.path, name: 'r' }], loadTimeoutMs: 1234 }, { reader })
  return { path, source: await onlySource(loader), [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose]() }
}

function readerOf(metadata: ReadMetadata): Reader {
  return { ...plainReader, read: async () => ({ pageContent: 'text', metadata }) }
}

function throwingReader(error: unknown): Reader {
  return {
    ...plainReader,
    read: async () => {
      throw error
    },
  }
}

describe('a listed source', () => {
  test('has size and times with nine decimals', async () => {
    const before = Date.now()
    await using file = await listedFile('Grüße')
    expect(file.source).toMatchObject({ id: 'r/my file.md', size: 7 })
    for (const time of [file.source.modifiedAt, file.source.observedAt]) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
    }
    expect(Date.parse(file.source.observedAt)).toBeGreaterThanOrEqual(before)
  })

  test('has a recipe that changes with the name and the version of its reader alone', async () => {
    const recipes = new Set<string>()
    const readers = [plainReader, { ...plainReader, version: 2 }, { ...plainReader, name: 'other' }]
    for (const reader of [...readers, ...readers]) {
      await using file = await listedFile('text', reader)
      recipes.add(file.source.recipe)
    }
    expect(recipes.size).toBe(3)
  })

  test.each([0, 1, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024])(
    'of %i bytes has the hash of its bytes, read or not',
    async (size) => {
      const text = 'abcdefghijklmnop'.repeat(Math.ceil(size / 16)).slice(0, size)
      await using file = await listedFile(text)
      expect(await file.source.hash()).toBe(sha256(text))
      const { contentHash, document } = await file.source.load()
      expect(contentHash).toBe(sha256(text))
      expect(document.pageContent === text).toBe(true)
    },
  )
})

describe('a loaded document', () => {
  test('has the id of its source, the media type and the file name as title', async () => {
    await using file = await listedFile('text')
    expect((await file.source.load()).document).toStrictEqual({
      id: 'r/my file.md',
      pageContent: 'text',
      metadata: { source: 'r/my file.md', mediaType: 'text/plain', title: 'my file' },
    })
  })

  test('keeps what the file says of itself, but not another source', async () => {
    await using file = await listedFile('x', readerOf({ title: 'Own', author: 'A', source: 'other', tags: ['a', 'b'] }))
    expect((await file.source.load()).document.metadata).toStrictEqual({
      source: 'r/my file.md',
      mediaType: 'text/plain',
      title: 'Own',
      author: 'A',
      tags: ['a', 'b'],
    })
  })

  test('has plain JSON without undefined values as metadata', async () => {
    await using file = await listedFile('x', readerOf({ title: ' ', author: undefined, number: Number.NaN }))
    const { metadata } = (await file.source.load()).document
    expect(metadata).toStrictEqual({ source: 'r/my file.md', mediaType: 'text/plain', title: 'my file', number: null })
    expect(JSON.parse(JSON.stringify(metadata))).toStrictEqual(metadata)
  })

  test('has segments where the reader gave them', async () => {
    const segments = [{ start: 0, end: 1, page: 1 }]
    await using file = await listedFile('x', {
      ...plainReader,
      read: async () => ({ pageContent: 'x', metadata: {}, segments }),
    })
    expect((await file.source.load()).document.segments).toEqual(segments)
  })

  test('is read with the time limit, the id and the signal', async () => {
    const requests: ReadRequest[] = []
    const reader: Reader = {
      ...plainReader,
      read: async (request) => {
        requests.push(request)
        return { pageContent: '', metadata: {} }
      },
    }
    await using file = await listedFile('text', reader)
    const { signal } = new AbortController()
    await file.source.load({ signal })
    expect(requests).toMatchObject([{ sourceId: 'r/my file.md', timeoutMs: 1234, signal }])
    expect(Buffer.from(requests[0]?.bytes ?? []).toString()).toBe('text')
  })
})

describe('a file that changes after it was listed', () => {
  const changes: { readonly change: string; readonly make: (path: string) => Promise<unknown> }[] = [
    { change: 'grows', make: async (path) => appendFile(path, 'more') },
    { change: 'shrinks', make: async (path) => writeFile(path, 'te') },
    { change: 'is written again', make: async (path) => utimes(path, 1e9, 1e9) },
    {
      change: 'is replaced by another',
      make: async (path) => {
        await writeFile(`${path}.new`, 'text')
        await utimes(`${path}.new`, 1e9, 1e9)
        await rename(`${path}.new`, path)
      },
    },
    {
      change: 'is replaced by a FIFO',
      make: async (path) => {
        await rm(path)
        makeFifo(path)
      },
    },
  ]
  test.each(changes)('and $change is not read as what it was', async ({ make }) => {
    await using file = await listedFile('text')
    await make(file.path)
    await expect(file.source.load()).rejects.toMatchObject({ code: 'CHANGED_WHILE_READING' })
    await expect(file.source.hash()).rejects.toMatchObject({ code: 'CHANGED_WHILE_READING' })
  })

  test('while it is read is refused too', async () => {
    await using file = await listedFile('text'.repeat(1024 * 1024))
    const blocks = readUnchangedFile({ ...file.source, path: file.path })
    await blocks.next()
    appendFileSync(file.path, '!')
    const reading = Array.fromAsync(blocks)
    await expect(reading).rejects.toMatchObject({ code: 'CHANGED_WHILE_READING' })
  })

  test('and is gone is unreadable, with the reason', async () => {
    await using file = await listedFile('text')
    await rm(file.path)
    for (const read of [async () => file.source.load(), async () => file.source.hash()]) {
      await expect(read()).rejects.toMatchObject({
        code: 'UNREADABLE',
        message: expect.stringContaining('r/my file.md cannot be read: ENOENT'),
        hint: 'It was removed after it was listed. Run again.',
      })
    }
  })
})

describe('a reader that fails', () => {
  test('with a loader code keeps it', async () => {
    const error = new QuernError('ENCRYPTED', 'it has a password')
    await using file = await listedFile('x', throwingReader(error))
    await expect(file.source.load()).rejects.toBe(error)
  })

  test('with anything else makes the source CORRUPT, with the cause', async () => {
    const cause = new RangeError('bad offset')
    await using file = await listedFile('x', throwingReader(cause))
    await expect(file.source.load()).rejects.toMatchObject({
      code: 'CORRUPT',
      message: 'r/my file.md cannot be read as plain: bad offset',
      cause,
    })
  })
})

describe('an aborted call', () => {
  test('rejects with the reason of the signal before, while reading and while parsing', async () => {
    const reason = new Error('enough')
    await using file = await listedFile('x')
    const signal = AbortSignal.abort(reason)
    await expect(file.source.load({ signal })).rejects.toBe(reason)
    await expect(file.source.hash({ signal })).rejects.toBe(reason)

    const whileReading = new AbortController()
    const blocks = readUnchangedFile({ ...file.source, path: file.path }, whileReading.signal)
    await blocks.next()
    whileReading.abort(reason)
    await expect(blocks.next()).rejects.toBe(reason)

    const whileParsing = new AbortController()
    const reader: Reader = {
      ...plainReader,
      read: async () => {
        whileParsing.abort(reason)
        throw new Error('the worker was stopped')
      },
    }
    await using slow = await listedFile('x', reader)
    await expect(slow.source.load({ signal: whileParsing.signal })).rejects.toBe(reason)
  })
})
