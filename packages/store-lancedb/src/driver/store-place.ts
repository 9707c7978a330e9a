import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { QuernError } from '@quern/core'
import type { LanceLocation } from '../lance-store-options.ts'

/** Where a store is: a folder of this machine, or an address. */
export interface StorePlace {
  /** What LanceDB is told. */
  readonly uri: string
  /** Absolute path of the folder; undefined for a remote store. */
  readonly folder: string | undefined
  /** The place for people: without user names, passwords and parameters. */
  readonly location: string
  /** Whether a server keeps the store (`db://`), which then looks after indexes and compaction by itself. */
  readonly served: boolean
}

/** A scheme has two letters or more: one would be a drive of Windows. */
const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):\/\//

/** Makes out where a URI leads. Throws `OPTION_INVALID` for an empty one. */
export function locateStore({ uri }: Pick<LanceLocation, 'uri'>): StorePlace {
  if (uri === '') throw new QuernError('OPTION_INVALID', 'the address of a store is empty')
  const name = scheme.exec(uri)?.[1]?.toLowerCase()
  if (name === undefined || name === 'file') {
    // Absolute: a relative path that begins with "db" would pass for LanceDB Cloud.
    const folder = resolve(name === undefined ? uri : fileURLToPath(uri))
    return { uri: folder, folder, location: folder, served: false }
  }
  const location = uri.replace(/[?#].*$/s, '').replace(/^([^:]+:\/\/)[^/]*@/, '$1')
  return { uri, folder: undefined, location, served: name === 'db' }
}

/** Whether a place is an object storage: without a lock, so that several writers may be at work at the same time. */
export function isShared({ folder, served }: StorePlace): boolean {
  return folder === undefined && !served
}
