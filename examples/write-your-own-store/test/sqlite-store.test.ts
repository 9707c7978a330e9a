import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyAsCrashed, describeVectorStore } from '@quern/core/testing'
import { describe, test } from 'vitest'
import { openSqliteStore } from '../src/sqlite-store.ts'

async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = mkdtempSync(join(tmpdir(), 'sqlite-store-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

describeVectorStore(
  {
    name: 'the SQLite store',
    traits: { durable: true, locks: true, readers: true, keywords: true, crashes: true },
    createPlace: temporaryFolder,
    open: ({ path }, options) => openSqliteStore(path, options),
    async crash({ path }) {
      const left = await temporaryFolder()
      copyAsCrashed(path, left.path)
      return left
    },
  },
  { describe, test },
)
