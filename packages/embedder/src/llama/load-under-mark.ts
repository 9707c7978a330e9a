import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '@quern/core'
import { makeFolder } from '@quern/core/files'
import { modelInvalid } from './model-file.ts'
import type { ModelFile } from './model-file.ts'
import { tryLoading } from './try-loading.ts'

/** What is loaded, and where marks are kept. */
export interface MarkedLoad {
  readonly file: ModelFile
  /** Undefined: nothing is marked. */
  readonly folder: string | undefined
  readonly signal: AbortSignal
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return systemErrorCode(error) !== 'ESRCH'
  }
}

/** Marks that processes left which ended while they loaded this file. */
async function leftMarks(folder: string, prefix: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => {
    const processId = Number(name.slice(prefix.length))
    return name.startsWith(prefix) && (processId === process.pid || !isAlive(processId))
  })
}

/** Rejects with `MODEL_INVALID` where llama.cpp ends a process that loads this file. */
async function requireSurvival({ file, signal }: MarkedLoad): Promise<void> {
  const death = await tryLoading(file.path, signal)
  if (death === undefined) return
  throw modelInvalid(file.path, `is a file at which llama.cpp ends the process, as it did before (${death})`)
}

/**
 * Loads a model while a mark says so: llama.cpp may end the process (an assertion that fails, a fault in memory), and nothing in this
 * process could tell of it. Who then finds the mark loads the file in a process of its own first, and rejects with `MODEL_INVALID` and llama.cpp's
 * last words where that ends too. A mark may as well come from a process that was killed; then it is removed, and all goes on.
 */
export async function loadUnderMark<T>(request: MarkedLoad, load: () => Promise<T>): Promise<T> {
  const { file, folder } = request
  if (folder === undefined) return load()
  const prefix = `loading-${file.sha256}-`
  const left = await leftMarks(folder, prefix)
  if (left.length > 0) await requireSurvival(request)
  for (const name of left) await rm(join(folder, name), { force: true })
  const mark = join(folder, `${prefix}${process.pid}`)
  try {
    await makeFolder(folder)
    await writeFile(mark, '')
  } catch {
    // Without a mark nothing is lost but the better message.
    return load()
  }
  try {
    return await load()
  } finally {
    await rm(mark, { force: true })
  }
}
