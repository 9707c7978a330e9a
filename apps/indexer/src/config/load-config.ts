import { pathToFileURL } from 'node:url'
import { parse as parsePath, resolve } from 'node:path'
import { QuernError, errorMessage, systemErrorCode } from '@quern/core'
import { lilconfig } from 'lilconfig'
import type { Loader } from 'lilconfig'
import type { Config } from './config-schema.ts'

/** A configuration file that was found and read, not yet checked. */
export interface LoadedConfig {
  /** Absolute path of the file. */
  readonly file: string
  readonly value: unknown
}

const fileNames = ['json', 'yaml', 'yml', 'ts', 'mts', 'js', 'mjs'].map((extension) => `indexer.config.${extension}`)

async function importModule(file: string): Promise<unknown> {
  const module = (await import(pathToFileURL(file).href)) as { readonly default?: Config }
  return module.default
}

async function parseYaml(_file: string, content: string): Promise<unknown> {
  const { parse } = await import('yaml')
  return parse(content)
}

const loaders = {
  '.json': (_file: string, content: string): unknown => JSON.parse(content.replace(/^\ufeff/, '')),
  '.yaml': parseYaml,
  '.yml': parseYaml,
  '.ts': importModule,
  '.mts': importModule,
  '.js': importModule,
  '.mjs': importModule,
}

/** Path of the nearest `indexer.config.*` from a folder upwards, which is not read; undefined where there is none. */
export async function findConfigFile(folder: string): Promise<string | undefined> {
  const found = await lilconfig('indexer', {
    searchPlaces: fileNames,
    loaders: Object.fromEntries(Object.keys(loaders).map((extension) => [extension, () => ({})])),
    stopDir: parsePath(folder).root,
    ignoreEmptySearchPlaces: false,
  }).search(folder)
  return found?.filepath
}

/**
 * The configuration file named by `file`, else the nearest `indexer.config.*` from `folder` upwards, else undefined.
 * Rejects with `CONFIG_INVALID` when a file is named and missing, or cannot be parsed.
 */
export async function loadConfig(folder: string, file?: string): Promise<LoadedConfig | undefined> {
  const path = file === undefined ? undefined : resolve(folder, file)
  let visited = path
  const noting = Object.entries(loaders).map(([extension, load]) => {
    const noteAndLoad: Loader = (visitedFile, content) => {
      visited = visitedFile
      return load(visitedFile, content)
    }
    return [extension, noteAndLoad] as const
  })
  const finder = lilconfig('indexer', {
    searchPlaces: fileNames,
    loaders: Object.fromEntries(noting),
    stopDir: parsePath(folder).root,
    ignoreEmptySearchPlaces: false,
  })
  try {
    const found = path === undefined ? await finder.search(folder) : await finder.load(path)
    if (found === null) return undefined
    // An empty file says nothing, which is allowed.
    return { file: found.filepath, value: found.isEmpty === true ? {} : (found.config as unknown) }
  } catch (error) {
    if (path !== undefined && systemErrorCode(error) === 'ENOENT') {
      throw new QuernError('CONFIG_INVALID', `there is no configuration file ${path}`, {
        hint: 'Name an existing file with --config, or leave the option out.',
        cause: error,
      })
    }
    throw new QuernError(
      'CONFIG_INVALID',
      `the configuration file ${visited ?? `above ${folder}`} cannot be read: ${errorMessage(error)}`,
      { hint: 'Mend the file, or name another with --config.', cause: error },
    )
  }
}
