import { QuernError } from '@quern/core'

const mostBytes = 256 * 1024 * 1024
const lineFeed = 0x0a
const byteOrderMark = '\ufeff'

function textOf(parts: readonly Uint8Array[], number: number, place: string): string {
  const bytes = Buffer.concat(parts)
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return number === 1 && text.startsWith(byteOrderMark) ? text.slice(1) : text
  } catch (error) {
    throw new QuernError('CORRUPT', `${place} is not UTF-8 in line ${number}`, { cause: error })
  }
}

/**
 * The lines of a stream of UTF-8, without their line feeds, one in memory at a time. Only a line feed ends a line: U+2028 and the like may
 * stand inside a JSON text. `place` names the stream in errors. Rejects with `CORRUPT` for bytes that are not UTF-8 and for a line over 256 MiB.
 */
export async function* splitLines(input: AsyncIterable<Uint8Array>, place: string): AsyncGenerator<string> {
  let parts: Uint8Array[] = []
  let size = 0
  let number = 1
  for await (const data of input) {
    let start = 0
    for (let end = data.indexOf(lineFeed); end >= 0; end = data.indexOf(lineFeed, start)) {
      parts.push(data.subarray(start, end))
      yield textOf(parts, number++, place)
      parts = []
      size = 0
      start = end + 1
    }
    const rest = data.subarray(start)
    parts.push(rest)
    size += rest.length
    if (size > mostBytes) throw new QuernError('CORRUPT', `${place} has more than ${mostBytes} bytes in line ${number}`)
  }
  if (size > 0) yield textOf(parts, number, place)
}
