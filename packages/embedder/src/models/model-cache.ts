import { stat } from 'node:fs/promises'
import { join, posix, win32 } from 'node:path'
import { systemErrorCode } from '@quern/core'
import type { KnownModel } from './known-model.ts'
import { modelFileName } from './model-uri.ts'

/** What the folder of downloaded models depends on. */
export interface ModelFolderSettings {
  /** Environment variables: `QUERN_MODELS`, `XDG_CACHE_HOME`, `LOCALAPPDATA`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** As `process.platform` says. */
  readonly platform: string
  /** The user's home folder. */
  readonly homeFolder: string
  /** Absolute folder that a relative `QUERN_MODELS` starts from. */
  readonly workingFolder: string
}

/**
 * Absolute path of the folder that downloaded models lie in: `QUERN_MODELS`; else `quern/models` in the user's folder for caches: an
 * absolute `XDG_CACHE_HOME` (the XDG rules have a relative one ignored), `%LOCALAPPDATA%` on Windows, `~/Library/Caches` on macOS,
 * `~/.cache` elsewhere.
 */
export function modelFolder({ env, platform, homeFolder, workingFolder }: ModelFolderSettings): string {
  const path = platform === 'win32' ? win32 : posix
  const { QUERN_MODELS: chosen = '', XDG_CACHE_HOME: xdg = '', LOCALAPPDATA: local = '' } = env
  if (chosen !== '') return path.resolve(workingFolder, chosen)
  if (path.isAbsolute(xdg)) return path.join(xdg, 'quern', 'models')
  if (platform === 'win32') {
    return path.join(local === '' ? path.join(homeFolder, 'AppData', 'Local') : local, 'quern', 'models')
  }
  const caches = platform === 'darwin' ? path.join('Library', 'Caches') : '.cache'
  return path.join(homeFolder, caches, 'quern', 'models')
}

/** Where the file of a known model lies in this folder, downloaded or put there by hand. */
export function modelPathIn(folder: string, model: KnownModel): string {
  return join(folder, modelFileName(model.uri))
}

/** Size of a model file in bytes, or undefined where there is no such file. Rejects with the system's error. */
export async function modelFileSize(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path)
    return found.isFile() ? found.size : undefined
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
