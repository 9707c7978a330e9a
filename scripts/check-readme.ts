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

interface Step {
  readonly command: string
  readonly expected: readonly string[]
}

/** Commands and the output that follows each, from every fenced `console` block. */
function parseSteps(markdown: string): Step[] {
  const steps: { command: string; expected: string[] }[] = []
  for (const [, block = ''] of markdown.matchAll(/^```console\n(.*?)^```$/gms)) {
    for (const line of block.trimEnd().split('\n')) {
      if (line.startsWith('$ ')) steps.push({ command: line.slice(2).replace(/\s+#.*$/, ''), expected: [] })
      else steps.at(-1)?.expected.push(line)
    }
  }
  return steps
}

const escapeCharacter = String.fromCodePoint(27)
const colours = new RegExp(`${escapeCharacter}\\[[0-9;]*m`, 'g')

/** A line without what differs from run to run. */
function normalise(line: string): string {
  return line
    .replace(colours, '')
    .replaceAll(/[\d.,]+\s?(?:ms|s|min|h)\b/g, '<time>')
    .replaceAll(/[\d.,]+(?= (?:chunks|tokens|texts)\/s)/g, '<rate>')
    .replaceAll(/\b[01]\.\d{2,3}\b/g, '<score>')
    .replaceAll(/[\d.,]+ (?:[kM]i?)?B\b/g, '<size>')
    .trimEnd()
}

/** The first expected line that is not found in its place, or undefined. */
function firstDifference(expected: readonly string[], actual: readonly string[]): string | undefined {
  let position = 0
  let anyLines = false
  for (const line of expected) {
    if (line.trim() === '…') {
      anyLines = true
      continue
    }
    const wanted = normalise(line)
    const found = anyLines ? actual.indexOf(wanted, position) : position
    if (found < 0 || actual[found] !== wanted) return line
    position = found + 1
    anyLines = false
  }
  return anyLines || position === actual.length ? undefined : `(end of output; there is more: ${actual[position]})`
}

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
  const steps = parseSteps(await readFile(join(clone, 'README.md'), 'utf8'))
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
    const difference = firstDifference(expected, stdout.trimEnd().split('\n').map(normalise))
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
