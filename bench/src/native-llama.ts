import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Sample } from './measure.ts'

const run = promisify(execFile)
const benchFolder = fileURLToPath(new URL('..', import.meta.url))

/** llama.cpp without Node: the same prebuilt libraries, one context with one thread for each text at a time. */
export type NativeLlama = (options: {
  readonly modelPath: string
  readonly contexts: number
  readonly tokens: number
  readonly seconds: number
  readonly flashAttention: boolean
}) => Promise<Sample>

function check(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}

/** Folder of the libraries that node-llama-cpp uses on this machine, or undefined. */
function findLibraries(): string | undefined {
  const name = `@node-llama-cpp/${process.platform}-${process.arch}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('node-llama-cpp'))
    const folder = join(dirname(dirname(require.resolve(name))), 'bins', `${process.platform}-${process.arch}`)
    return existsSync(folder) ? folder : undefined
  } catch {
    return undefined
  }
}

/**
 * Builds bench/native/embed.cpp against the installed libraries, with the headers that node-llama-cpp brings along as a git bundle.
 * Undefined, with a word on why, where that is not possible (another system than Linux, no compiler).
 */
export function buildNativeLlama(): NativeLlama | undefined {
  const libraries = process.platform === 'linux' ? findLibraries() : undefined
  if (libraries === undefined || !check('g++', ['--version']) || !check('git', ['--version'])) {
    console.log('native llama.cpp is left out: it needs Linux, g++, git and the prebuilt libraries\n')
    return undefined
  }
  const cache = join(benchFolder, 'node_modules', '.cache')
  const headers = join(cache, 'llama.cpp')
  const program = join(cache, 'embed')
  mkdirSync(cache, { recursive: true })
  const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve('node-llama-cpp')))
  const bundle = join(packageFolder, 'llama', 'gitRelease.bundle')
  if (
    !existsSync(headers) &&
    !check('git', ['-c', 'advice.detachedHead=false', 'clone', '--quiet', '--depth', '1', bundle, headers])
  )
    return undefined
  const shared = readdirSync(libraries).filter((file) => /^lib(llama|ggml)\.v|^libggml-base/.test(file))
  const includes = ['-I', join(headers, 'include'), '-I', join(headers, 'ggml', 'include')]
  const links = ['-L', libraries].concat(
    shared
      .toSorted()
      .toReversed()
      .map((file) => `-l:${file}`),
    [`-Wl,-rpath,${libraries}`, `-Wl,-rpath-link,${libraries}`],
  )
  const source = join(benchFolder, 'native', 'embed.cpp')
  const built = check('g++', ['-O2', '-std=c++17', '-pthread', ...includes, source, '-o', program, ...links])
  if (!built) return undefined
  return async ({ modelPath, contexts, tokens, seconds, flashAttention }) => {
    const numbers = [contexts, tokens, seconds, flashAttention ? 1 : 0].map(String)
    const { stdout } = await run(program, [libraries, modelPath, ...numbers])
    return JSON.parse(stdout) as Sample
  }
}
