import { isUtf8 } from 'node:buffer'
import type { JsonValue } from '@quern/core'
import { errorMessage } from '@quern/core'
import type { RawRecord, RecordFields, RecordParser } from './raw-record.ts'
import { mostRecordBytes, recordFault } from './raw-record.ts'

const newline = 0x0a
const byteOrderMark = '\uFEFF'

function parseLine(bytes: Uint8Array): RawRecord['fields'] {
  if (!isUtf8(bytes)) return recordFault('it is not UTF-8')
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  let value: JsonValue
  try {
    value = JSON.parse(text.startsWith(byteOrderMark) ? text.slice(1) : text) as JsonValue
  } catch (error) {
    return recordFault(`it is no JSON (${errorMessage(error)})`)
  }
  if (typeof value === 'string') return { text: value }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as RecordFields) : recordFault('it is no JSON object')
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}

/** The lines of a file without their line feeds; one that is too long is cut. */
async function* splitLines(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Omit<RawRecord, 'fields'>> {
  let kept: Buffer[] = []
  let keptBytes = 0
  let start = 0
  let line = 1
  let end = 0
  const keep = (part: Uint8Array): void => {
    if (keptBytes <= mostRecordBytes) kept.push(Buffer.from(part))
    keptBytes += part.length
  }
  const take = (): Omit<RawRecord, 'fields'> => ({ start, end, line, bytes: Buffer.concat(kept) })
  for await (const block of blocks) {
    let from = 0
    for (let at = block.indexOf(newline); at !== -1; at = block.indexOf(newline, from)) {
      keep(block.subarray(from, at))
      end += at - from
      yield take()
      end++
      start = end
      line++
      kept = []
      keptBytes = 0
      from = at + 1
    }
    keep(block.subarray(from))
    end += block.length - from
  }
  if (end > start) yield take()
}

/** JSON Lines: an object a line, or a string, which is its text. Blank lines are none. */
export function createJsonLinesParser(): RecordParser {
  return {
    parse: parseLine,
    encoding: () => ({}),
    async *records(blocks) {
      for await (const record of splitLines(blocks)) {
        const tooLong = record.end - record.start > mostRecordBytes
        if (!tooLong && isBlank(record.bytes)) continue
        const fault = recordFault(`it is longer than ${mostRecordBytes} bytes`)
        yield { ...record, fields: tooLong ? fault : parseLine(record.bytes) }
      }
    },
  }
}
