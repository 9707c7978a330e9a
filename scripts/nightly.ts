/**
 * What is too long for every change: node scripts/nightly.ts [--kills 200] [--runs 10] [--files 100000]
 *
 * - a process killed at every named point of every store and scenario, then at random moments,
 * - random histories, plans, copies and texts from new seeds, many times as many as in CI,
 * - every case of the stores of which CI tries a sample,
 * - planning and memory against their limits.
 *
 * Everything is printed with its seed. Ends with exit code 1 when one of them failed.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    runs: { type: 'string', default: '10' },
    files: { type: 'string', default: '100000' },
  },
})

interface Task {
  readonly title: string
  /** Folder below the repository. */
  readonly folder: string
  readonly arguments: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const tasks: readonly Task[] = [
  {
    title: 'kill matrix',
    folder: 'apps/indexer',
    arguments: ['test/kill/run-kill-matrix.ts', '--random', values.kills],
  },
  {
    title: 'properties of the pipeline',
    folder: 'packages/pipeline',
    arguments: [vitest, 'run', '--testTimeout', '3600000'],
    env: { QUERN_SEED: 'random', QUERN_RUNS: values.runs },
  },
  {
    title: 'every case of the JSON store',
    folder: 'packages/store-json',
    arguments: [vitest, 'run', '--config', 'vitest.exhaustive.config.ts'],
    env: { QUERN_SEED: 'random' },
  },
  {
    title: 'long cases of the LanceDB store',
    folder: 'packages/store-lancedb',
    arguments: [vitest, 'run', '--config', 'vitest.long.config.ts'],
  },
  ...['core', 'loader', 'chunker', 'embedder'].map((name) => ({
    title: `properties of packages/${name}`,
    folder: `packages/${name}`,
    arguments: [vitest, 'run'],
    env: { QUERN_SEED: 'random' },
  })),
  { title: 'planning', folder: 'bench', arguments: ['src/planning.ts', '--files', values.files, '--most', '1.5'] },
  { title: 'memory', folder: 'bench', arguments: ['src/memory.ts', '--most', '64'] },
]

const failed: string[] = []
for (const { title, folder, arguments: arguments_, env = {} } of tasks) {
  console.log(`\n== ${title}`)
  const cwd = fileURLToPath(new URL(`../${folder}`, import.meta.url))
  const { status } = spawnSync(process.execPath, arguments_, {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  })
  if (status !== 0) failed.push(title)
}
console.log(failed.length === 0 ? '\nall as it must be' : `\nfailed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
