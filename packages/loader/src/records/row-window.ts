/** The bytes that go by on their way to a parser, kept until they are taken. */
export interface RowWindow {
  /** The file, in pieces small enough that what a parser makes of one is too. */
  pass(): AsyncGenerator<Uint8Array>
  /** The bytes of a row; those before it are forgotten. Valid for as long as they are held. */
  take(start: number, end: number): Uint8Array
}

const pieceBytes = 65_536

/** Keeps the blocks of a file as they are passed on. */
export function createRowWindow(blocks: AsyncIterable<Uint8Array>): RowWindow {
  let kept: Buffer = Buffer.alloc(0)
  let keptFrom = 0
  return {
    async *pass() {
      for await (const block of blocks) {
        kept = Buffer.concat([kept, block])
        const whole = kept
        for (let at = whole.length - block.length; at < whole.length; at += pieceBytes) {
          yield whole.subarray(at, at + pieceBytes)
        }
      }
    },
    take(start, end) {
      const bytes = kept.subarray(start - keptFrom, end - keptFrom)
      kept = kept.subarray(end - keptFrom)
      keptFrom = end
      return bytes
    },
  }
}

/** The head of a file, and the whole of it. */
export async function lookAhead(
  blocks: AsyncIterable<Uint8Array>,
  headBytes: number,
): Promise<{ readonly head: Uint8Array; readonly blocks: AsyncIterable<Uint8Array> }> {
  const iterator = blocks[Symbol.asyncIterator]()
  const first = await iterator.next()
  const head = first.done === true ? new Uint8Array() : Buffer.from(first.value)
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  }
  return { head: head.subarray(0, headBytes), blocks: whole() }
}
