import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '@quern/core'
import { readDownloadRecord } from './onnx-download-record.ts'
import type { OnnxModelFolder } from './onnx-model-folder.ts'

/** What the folder of a model in ONNX format shows without the model being opened. */
export interface OnnxModelFacts {
  /** Size of all files. */
  readonly bytes: number
  /** The commit that it was downloaded at; undefined where it was put there by hand or the server named none. */
  readonly commit: string | undefined
  /** `hidden_size` in `config.json`; undefined where there is none. */
  readonly dimensions: number | undefined
}

async function folderSize(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  let bytes = 0
  for (const entry of entries) {
    const { size } = entry.isDirectory() ? { size: 0 } : await stat(join(entry.parentPath, entry.name))
    bytes += size
  }
  return bytes
}

async function readDimensions(path: string): Promise<number | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(path, 'config.json'), 'utf8'))
    const size: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'hidden_size') : undefined
    return Number.isSafeInteger(size) ? Number(size) : undefined
  } catch (error) {
    // What is wrong with the folder is told when it is opened.
    if (error instanceof SyntaxError || systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Looks into the folder of a model. Light: no large file is read. Rejects with the system's error. */
export async function describeOnnxModel({ path }: OnnxModelFolder): Promise<OnnxModelFacts> {
  const record = await readDownloadRecord(path)
  return { bytes: await folderSize(path), commit: record?.commit, dimensions: await readDimensions(path) }
}
