import fs from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { dirname, join } from 'node:path'
import type { PassPoint } from './fail-points.ts'

type Call = (...arguments_: readonly unknown[]) => Promise<unknown>

/** Puts a watched call in the place of a method. */
function watchMethod(target: Record<string, unknown>, method: string, watch: (call: Call) => Call): void {
  const call = (target[method] as Call).bind(target)
  target[method] = watch(call)
}

/** Half of what a write was to write. */
function writeHalf({ fd }: FileHandle, data: unknown): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : (data as Uint8Array)
  fs.writeSync(fd, bytes.subarray(0, bytes.length >> 1))
}

function watchHandle(handle: FileHandle, pass: PassPoint): void {
  const methods = handle as unknown as Record<string, unknown>
  for (const method of ['write', 'writeFile', 'appendFile']) {
    watchMethod(methods, method, (call) => async (...arguments_) => {
      pass(`halfway through file.${method}`, () => writeHalf(handle, arguments_[0]))
      return call(...arguments_)
    })
  }
  for (const method of ['sync', 'datasync']) {
    watchMethod(methods, method, (call) => async (...arguments_) => {
      pass(`before file.${method}`)
      return call(...arguments_)
    })
  }
}

/** Passes a point before each change that Node makes to files below a folder, and halfway through each write. */
export function watchFiles(folder: string, pass: PassPoint): void {
  const methods = fs.promises as unknown as Record<string, unknown>
  for (const method of ['open', 'rename', 'rm', 'mkdir', 'unlink', 'link', 'writeFile', 'truncate']) {
    watchMethod(methods, method, (call) => async (path, ...rest) => {
      const [flags = 'r'] = method === 'open' ? rest : ['w']
      if (!String(path).startsWith(folder) || flags === 'r') return call(path, ...rest)
      pass(`before ${method}`)
      const result = await call(path, ...rest)
      if (method === 'open') watchHandle(result as FileHandle, pass)
      return result
    })
  }
  // So that what imports these functions by name has the watched ones, too.
  syncBuiltinESMExports()
}

const tableMethods = ['add', 'delete', 'optimize', 'createIndex', 'setUnenforcedPrimaryKey']

/** Passes a point before and after each change that LanceDB makes to its tables. Its own threads write the files. */
export function watchLance(pass: PassPoint): void {
  const require = createRequire(import.meta.resolve('@quern/store-lancedb'))
  const folder = dirname(require.resolve('@lancedb/lancedb'))
  const watchAll = (file: string, exported: string, methods: readonly string[]): void => {
    const { prototype } = (require(join(folder, file)) as Record<string, { prototype: Record<string, unknown> }>)[
      exported
    ] as { prototype: Record<string, unknown> }
    for (const method of methods) {
      const call = prototype[method] as (...arguments_: unknown[]) => Promise<unknown>
      prototype[method] = async function watchedCall(this: unknown, ...arguments_: unknown[]): Promise<unknown> {
        pass(`before lance.${method}`)
        const result: unknown = await Reflect.apply(call, this, arguments_)
        pass(`after lance.${method}`)
        return result
      }
    }
  }
  watchAll('table.js', 'LocalTable', tableMethods)
  watchAll('merge.js', 'MergeInsertBuilder', ['execute'])
  watchAll('connection.js', 'LocalConnection', ['createEmptyTable'])
}
