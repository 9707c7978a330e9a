import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '@quern/core'
import { parseOnnxHubName } from './onnx-hub-name.ts'
import type { OnnxHubName } from './onnx-hub-name.ts'

/** Where models in ONNX format lie in the folder for models: below `onnx`, `<owner>/<repository>[@<revision>][+<file>]`. */
const subfolder = 'onnx'

/**
 * The folder of a model of a hub in this folder for models, downloaded or put there by hand. Each revision and each ONNX file that is
 * named has its own, so that none changes what another name stands for.
 */
export function onnxModelFolderIn(folder: string, { repository, revision, file }: OnnxHubName): string {
  const [owner = '', name = ''] = repository.split('/')
  const at = revision === undefined ? '' : `@${revision}`
  return join(folder, subfolder, owner, `${name}${at}${file === undefined ? '' : `+${file.replaceAll('/', '+')}`}`)
}

/** A model in ONNX format that is in the folder for models. */
export interface OnnxModelFolder {
  readonly name: OnnxHubName
  readonly path: string
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    return folders.map(({ name }) => name).toSorted()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return []
    throw error
  }
}

/** The models in ONNX format in this folder for models, in the order of their names. What is not whole yet is not among them. */
export async function listOnnxModels(folder: string): Promise<OnnxModelFolder[]> {
  const models: OnnxModelFolder[] = []
  for (const owner of await foldersIn(join(folder, subfolder))) {
    for (const entry of await foldersIn(join(folder, subfolder, owner))) {
      const name = parseOnnxHubName(`${owner}/${entry.replaceAll('+', '/')}`)
      const path = join(folder, subfolder, owner, entry)
      // Folders of downloads under way have names that are none.
      if (name !== undefined && onnxModelFolderIn(folder, name) === path) models.push({ name, path })
    }
  }
  return models
}

/** Whether there is a folder at this path. Rejects with the system's error. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return false
    throw error
  }
}

/** The folder of this model if it is there, downloaded or put there by hand; else undefined. */
export async function findOnnxModel(folder: string, name: OnnxHubName): Promise<OnnxModelFolder | undefined> {
  const path = onnxModelFolderIn(folder, name)
  return (await isFolder(path)) ? { name, path } : undefined
}
