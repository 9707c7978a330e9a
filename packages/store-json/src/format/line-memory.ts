/** Gives memory of a length, filled with whatever. */
export type Allocate = (bytes: number) => Buffer

/** Memory of its own for each line. */
export const ownMemory: Allocate = (bytes) => Buffer.allocUnsafe(bytes)

const firstBytes = 2 ** 13

/** Memory that is given again and again, grown to the longest line that was asked for: a line is good until the next one is asked for. */
export function createLineMemory(): Allocate {
  let memory = Buffer.alloc(0)
  return (bytes) => {
    if (bytes > memory.length) memory = Buffer.allocUnsafeSlow(Math.max(firstBytes, bytes, memory.length * 2))
    return memory.subarray(0, bytes)
  }
}
