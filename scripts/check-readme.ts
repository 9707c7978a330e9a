/**
 * Runs the README's `console` blocks, in order, in a fresh clone with empty caches, and compares what is printed with what the
 * README shows. `$ ` begins a command; a line `…` stands for any lines; times, rates and scores are compared by shape alone.
 * Other blocks are not run. Run: node scripts/check-readme.ts [folder for the clone]
 */
import { spawnSync } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { consoleSteps, firstDifference } from '../test-fixtures/src/console-session.ts'

/** Environment of a machine that has never seen this repository: no caches, no pnpm of its own but the one that npx brings. */
async function freshEnvironment(home: string): Promise<NodeJS.ProcessEnv> {
  const tools = join(home, 'tools')
  await mkdir(tools, { recursive: true })
  await writeFile(join(tools, 'pnpm'), '#!/bin/sh\nexec npx -y pnpm@12 "$@"\n', { mode: 0o755 })
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|pnpm_|init_cwd|node_path|turbo)/i.test(name) || /registry|nodedir/i.test(name),
  )
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_STATE_HOME: join(home, 'state'),
    NPM_CONFIG_USERCONFIG: process.env['NPM_CONFIG_USERCONFIG'] ?? join(homedir(), '.npmrc'),
    NPM_CONFIG_CACHE: join(home, 'npm'),
    TURBO_TELEMETRY_DISABLED: '1',
    NO_COLOR: '1',
    PATH: [tools, ...path].join(delimiter),
  }
}

const root = fileURLToPath(new URL('..', import.meta.url))
const log = process.env['QUERN_README_LOG']
const temporary = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'quern-readme-')))
const clone = join(temporary, 'quern')
let failures = 0
try {
  const env = await freshEnvironment(join(temporary, 'home'))
  spawnSync('git', ['clone', '--quiet', pathToFileURL(root).href, clone], { stdio: 'inherit' })
  const steps = consoleSteps(await readFile(join(clone, 'README.md'), 'utf8'))
  if (steps.length === 0) throw new Error('the README has no console block')
  for (const { command, expected } of steps) {
    const startedAt = performance.now()
    const { stdout, stderr, status } = spawnSync('sh', ['-c', command], {
      cwd: clone,
      env,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
    if (log !== undefined) await appendFile(log, stdout)
    const difference = firstDifference(expected, stdout)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    if (status === 0 && difference === undefined) {
      console.log(`ok      ${command}   (${seconds} s)`)
      continue
    }
    failures++
    console.error(`FAILED  ${command}   (${seconds} s, exit ${status})`)
    if (difference !== undefined) console.error(`the README shows, and it was not printed:\n${difference}`)
    console.error(`--- stdout\n${stdout}--- stderr\n${stderr}---`)
  }
} finally {
  if (process.argv[2] === undefined) await rm(temporary, { recursive: true, force: true })
}
if (failures > 0) process.exitCode = 1
