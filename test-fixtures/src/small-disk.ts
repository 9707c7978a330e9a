import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { errorMessage } from '@quern/core'

/** A file system of some mebibytes. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string
}

const run = promisify(execFile)

async function unmount(path: string): Promise<void> {
  await run('umount', [path])
  await rm(path, { recursive: true })
}

/** Mounts a small file system in memory; where the system does not let us, says why. */
export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk | { readonly reason: string }> {
  const path = await mkdtemp(join(tmpdir(), 'quern-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path])
  } catch (error) {
    await rm(path, { recursive: true })
    return { reason: `no small disk can be mounted here: ${errorMessage(error).trim().split('\n').at(-1) ?? ''}` }
  }
  return { path, [Symbol.asyncDispose]: () => unmount(path) }
}
