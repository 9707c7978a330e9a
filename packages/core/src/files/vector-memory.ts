import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RememberedVector, VectorMemory } from '../self-test/vector-memory.ts'
import { diskOperations } from './disk-operations.ts'
import { writeFileDurably } from './write-file-durably.ts'

const version = 1

function isRemembered(value: unknown): value is RememberedVector & { readonly version: number } {
  if (typeof value !== 'object' || value === null) return false
  const { version: found, model, engine, text, vector } = value as Readonly<Record<string, unknown>>
  const isText = [model, engine, text].every((member) => typeof member === 'string')
  const isVector = Array.isArray(vector) && vector.every(Number.isFinite) && vector.some((number) => number !== 0)
  return found === version && isText && isVector
}

/**
 * A memory in a folder, one small JSON file (`vector-<key>.json`) for each vector, written whole or not at all. What is damaged counts
 * as missing; a folder that cannot be written remembers nothing.
 */
export function createVectorMemory(folder: string): VectorMemory {
  const locate = (key: string): string => join(folder, `vector-${key}.json`)
  return {
    locate,
    async get(key) {
      try {
        const value: unknown = JSON.parse(await readFile(locate(key), 'utf8'))
        if (!isRemembered(value)) return undefined
        const { model, engine, text, vector } = value
        return { model, engine, text, vector }
      } catch {
        // Missing, unreadable or damaged: it is computed and written anew.
        return undefined
      }
    },
    async set(key, { model, engine, text, vector }) {
      const digits = vector.map((number) => Number(number.toPrecision(7)))
      try {
        await diskOperations.makeFolder(folder)
        await writeFileDurably(locate(key), JSON.stringify({ version, model, engine, text, vector: digits }))
      } catch {
        // Without a memory the model works as well; the next process tries again.
      }
    },
  }
}
