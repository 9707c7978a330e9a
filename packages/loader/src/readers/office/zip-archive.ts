import type { Readable } from 'node:stream'
import { errorMessage } from '@quern/core'
import type { Entry, ZipFile } from 'yauzl'
import { contentKind } from '../decode/content-kind.ts'
import { OfficeError } from './office-error.ts'

/** A ZIP archive in memory, and a bound on what is unpacked from it. */
export interface ZipArchive {
  has(name: string): boolean
  /** The unpacked bytes of an entry, in blocks. Rejects with `CORRUPT` when there is none of that name. */
  read(name: string): AsyncIterable<Uint8Array>
  /** The whole of an entry. Rejects with `RESOURCE_LIMIT` where that is more than 64 MiB. */
  readWhole(name: string): Promise<Uint8Array>
}

const mostEntries = 20_000
const mostBytes = 256 * 2 ** 20
const mostWholeBytes = 64 * 2 ** 20
/** Compound files: documents with a password, and those of Office before 2007. */
const compoundFile = [0xd0, 0xcf, 0x11, 0xe0]

function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b
}

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
    const kind = contentKind(bytes)
    const isOther = kind !== undefined && !isArchive(bytes)
    const why = isOther ? `it is no such document, but ${kind}` : errorMessage(error)
    throw new OfficeError('CORRUPT', why, { cause: error })
  }
}

/** The entries by name; names that differ only in case name the same part (Open Packaging Conventions). */
async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  if (zip.entryCount > mostEntries) {
    throw new OfficeError('RESOURCE_LIMIT', `it holds ${zip.entryCount} files; at most ${mostEntries} are read`)
  }
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase(), entry)
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
    const entry = entries.get(name.toLowerCase())
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
    has: (name) => entries.has(name.toLowerCase()),
    read,
    async readWhole(name) {
      const blocks: Uint8Array[] = []
      let length = 0
      for await (const block of read(name)) {
        length += block.length
        if (length > mostWholeBytes) {
          throw new OfficeError('RESOURCE_LIMIT', `its part ${name} is longer than ${mostWholeBytes} bytes`)
        }
        blocks.push(block)
      }
      return Buffer.concat(blocks)
    },
  }
}
