import { checkedLineFault } from '../format/checked-line.ts'

const lineFeed = 0x0a
const space = 0x20
const comma = 0x2c
/** Trying all bytes of a line of this length takes about a third of a second: it is hashed 255 times as often as it has bytes. */
const longest = 1024
const mostTried = 8
const itemStart = '    {"put":{'

/** The lines of the bytes, each with the line feed that ends it. */
function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(lineFeed, start)
    const end = found < 0 ? bytes.length : found + 1
    lines.push(bytes.subarray(start, end))
    start = end
  }
  return lines
}

/** The object on a line of a list, without the blanks before and the comma behind it. */
function itemOf(line: Buffer): Buffer {
  let start = 0
  while (line[start] === space) start++
  let end = line.length
  if (line[end - 1] === lineFeed) end--
  if (line[end - 1] === comma) end--
  return line.subarray(start, end)
}

function isSound(line: Buffer): boolean {
  return checkedLineFault(itemOf(line)) === undefined
}

/** The same bytes but for the one at `at`, so that a line of them is sound; undefined when no other byte makes one so. */
function changeByte(lines: Buffer, at: number): Buffer | undefined {
  const changed = Buffer.from(lines)
  for (let difference = 1; difference < 256; difference++) {
    changed.writeUInt8(lines.readUInt8(at) ^ difference, at)
    if (splitLines(changed).some(isSound)) return changed
  }
  return undefined
}

/** Where a byte may have been changed: anywhere in a short line, in a long one only where another line may have ended. */
function placesToTry(line: Buffer): number[] {
  if (line.length <= longest) return [...line.keys()]
  const places: number[] = []
  for (let at = line.indexOf(itemStart, 2); at >= 0; at = line.indexOf(itemStart, at + 1)) places.push(at - 1)
  return places
}

function changeAnyByte(line: Buffer): Buffer | undefined {
  for (const at of placesToTry(line)) {
    const changed = changeByte(line, at)
    if (changed !== undefined) return changed
  }
  return undefined
}

/** Whether a line is a checked one but for one byte. Of two parts of it, at least one looks so. */
function looksChecked(line: Buffer): boolean {
  return line.includes(itemStart.trimStart()) || line.includes(',"check":"')
}

/**
 * The checked lines of a list, without the blanks and commas around them, and the lines that are no such. Where one changed byte is all the damage, lines
 * are put right: their checksum tells which byte it was. Line feeds are bytes as others are, so two lines may have become one, or one two. That is
 * tried for the first few damaged lines only, and not within long ones.
 */
export function restoreLines(list: Buffer): { sound: Buffer[]; others: Buffer[] } {
  const sound: Buffer[] = []
  const others: Buffer[] = []
  const left = splitLines(list).toReversed()
  let tried = 0
  const restore = (line: Buffer): Buffer | undefined => {
    const next = left.at(-1)
    if (next !== undefined && (looksChecked(line) || looksChecked(next))) {
      const joined = changeByte(Buffer.concat([line, next]), line.length - 1)
      if (joined !== undefined) {
        left.pop()
        return joined
      }
    }
    return looksChecked(line) && tried++ < mostTried ? changeAnyByte(line) : undefined
  }
  for (let line = left.pop(); line !== undefined; line = left.pop()) {
    if (isSound(line)) {
      sound.push(itemOf(line))
      continue
    }
    const restored = restore(line)
    if (restored === undefined) others.push(line)
    // What one other byte makes sound may be one of two lines.
    else left.push(...splitLines(restored).toReversed())
  }
  return { sound, others }
}
