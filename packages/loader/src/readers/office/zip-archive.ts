import type { Readable } from 'node:stream'
import { errorMessage } from '@quern/core'
import type { Entry, ZipFile } from 'yauzl'
import { OfficeError } from './office-error.ts'

/** A ZIP archive in memory, and a bound on what is unpacked from it. */
export interface ZipArchive {
  has(name: string): boolean
  /** The unpacked bytes of an entry, in blocks. Rejects with `CORRUPT` when there is none of that name. */
  read(name: string): AsyncIterable<Uint8Array>
  readText(name: string): Promise<string>
}

const mostEntries = 20_000
const mostBytes = 256 * 2 ** 20
/** Compound files: documents with a password, and those of Office before 2007. */
const compoundFile = [0xd0, 0xcf, 0x11, 0xe0]

async function openZipFile(bytes: Uint8Array): Promise<ZipFile> {
  if (compoundFile.every((byte, index) => bytes[index] === byte)) {
    throw new OfficeError('ENCRYPTED', 'it needs a password, or is in a format older than Office 2007')
  }
  const { fromBufferPromise } = await import('yauzl')
  try {
    return await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
      // Names are only compared with those that are looked for.
      strictFileNames: false,
      validateEntrySizes: true,
    })
  } catch (error) {
    throw new OfficeError('CORRUPT', errorMessage(error), { cause: error })
  }
}

async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > mostEntries) {
    throw new OfficeError('RESOURCE_LIMIT', `it holds ${zip.entryCount} files; at most ${mostEntries} are read`)
  }
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
  } catch (error) {
    throw new OfficeError('CORRUPT', errorMessage(error), { cause: error })
  }
  return entries
}

/** Opens an archive. Rejects with an `OfficeError`: `CORRUPT`, `ENCRYPTED`, `RESOURCE_LIMIT`. */
export async function openZipArchive(bytes: Uint8Array): Promise<ZipArchive> {
  const zip = await openZipFile(bytes)
  const entries = await listEntries(zip)
  let left = mostBytes

  async function* read(name: string): AsyncIterable<Uint8Array> {
    const entry = entries.get(name)
    if (entry === undefined) throw new OfficeError('CORRUPT', `its part ${name} is missing`)
    if (entry.isEncrypted()) throw new OfficeError('ENCRYPTED', 'it needs a password')
    let stream: Readable | undefined
    try {
      stream = await zip.openReadStreamPromise(entry)
      for await (const block of stream as AsyncIterable<Uint8Array>) {
        left -= block.length
        if (left < 0) throw new OfficeError('RESOURCE_LIMIT', `unpacked it is longer than ${mostBytes} bytes`)
        yield block
      }
    } catch (error) {
      throw error instanceof OfficeError ? error : new OfficeError('CORRUPT', errorMessage(error), { cause: error })
    } finally {
      stream?.destroy()
    }
  }

  return {
    has: (name) => entries.has(name),
    read,
    async readText(name) {
      const blocks: Uint8Array[] = []
      for await (const block of read(name)) blocks.push(block)
      return new TextDecoder().decode(Buffer.concat(blocks))
    },
  }
}
