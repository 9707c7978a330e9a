import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isQuernError } from '@quern/core'
import { doJob } from './do-job.ts'
import type { Job } from './do-job.ts'
import type { FailPoint, KilledJob, PassedPoints } from './killed-job.ts'
import { scenarios, writeCorpus } from './scenarios.ts'
import type { ScenarioName } from './scenarios.ts'
import { openToWrite, readStore } from './stored-at.ts'
import type { StoreContents, StoreType } from './stored-at.ts'

const killedRun = fileURLToPath(new URL('killed-run.ts', import.meta.url))

/** How a process is killed: at a point, or after so many milliseconds. */
export type Kill = FailPoint | { readonly afterMs: number }

/** A store of one type in one scenario, ready to be killed in it. */
export interface KillCell {
  readonly type: StoreType
  readonly scenario: ScenarioName
  /** How often an undisturbed run passes each point. */
  readonly points: ReadonlyMap<string, number>
  /** How long an undisturbed process lives. */
  readonly durationMs: number
  /**
   * Lets one process after another be killed in its work on the same store, then does the work to its end and compares. Throws where the
   * result is not that of an undisturbed run. Resolves with how many of the processes were killed before their end.
   */
  kill(kills: readonly Kill[]): Promise<number>
}

interface Ended {
  readonly killed: boolean
  readonly output: string
}

async function runChild(job: KilledJob, folder: string, afterMs?: number): Promise<Ended> {
  const child = spawn(process.execPath, [killedRun, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // What the processes compile is kept: it is half of their life.
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  })
  const over = new AbortController()
  if (afterMs !== undefined) {
    delay(afterMs, undefined, { signal: over.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    )
  }
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')])
  over.abort()
  assert(child.signalCode === 'SIGKILL' || child.exitCode === 0, `the process ended with ${child.exitCode}`)
  return { killed: child.signalCode === 'SIGKILL', output }
}

async function readLines(path: string): Promise<string[]> {
  const lines = await readFile(path, 'utf8').catch(() => '')
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as string)
}

/** The chunks of each source, and its state, as one string each. */
function bySource({ sources, chunks }: StoreContents): Map<string, string> {
  const found = new Map((sources as { id: string }[]).map((state) => [state.id, JSON.stringify(state)]))
  for (const chunk of chunks as { metadata: { source: string } }[]) {
    const { source } = chunk.metadata
    found.set(source, `${found.get(source) ?? ''}\n${JSON.stringify(chunk)}`)
  }
  return found
}

/** What a store that was killed holds; undefined where it was killed before there was one. */
async function readIfThere(type: StoreType, path: string): Promise<StoreContents | undefined> {
  try {
    return await readStore(type, path)
  } catch (error) {
    if (isQuernError(error, 'STORE_NOT_FOUND')) return undefined
    throw error
  }
}

/** Each source is as it was before, or as it was meant to be. */
function assertWholeSources(left: StoreContents, outcomes: readonly StoreContents[]): void {
  const wholes = outcomes.filter(({ fingerprint }) => fingerprint === left.fingerprint).map(bySource)
  for (const [id, stored] of bySource(left)) {
    assert(
      wholes.some((whole) => whole.get(id) === stored),
      `${id} is neither as it was nor as it was meant to be`,
    )
  }
  for (const id of wholes[0]?.keys() ?? []) {
    const isKept = wholes.every((whole) => whole.has(id))
    assert(!isKept || bySource(left).has(id), `${id} is gone`)
  }
}

async function assertSound(type: StoreType, path: string): Promise<void> {
  await using store = await openToWrite(type, path)
  assert.deepEqual(await Array.fromAsync(store.verify()), [])
}

/** What the kills of a cell have in common. */
interface CellGround {
  readonly type: StoreType
  readonly scenario: ScenarioName
  readonly folder: string
  readonly before: StoreContents | undefined
  readonly expected: StoreContents
  readonly largestBatch: number
}

async function killAndFinish(ground: CellGround, kills: readonly Kill[], store: string): Promise<number> {
  const { type, scenario, folder, before, expected, largestBatch } = ground
  const { job: kind, failed } = scenarios[scenario]
  const job: Job = { job: kind, type, corpus: join(folder, 'corpus'), store }
  const embedded = `${store}-embedded`
  let held = new Set<string>()
  let killedRuns = 0
  for (const [place, kill] of kills.entries()) {
    const point = 'name' in kill ? kill : undefined
    const { killed } = await runChild({ ...job, embedded, point }, folder, 'name' in kill ? undefined : kill.afterMs)
    // The first process of a chain passes the points that the undisturbed one passed.
    assert(killed || point === undefined || place > 0, `${point?.name} was not passed`)
    if (killed) killedRuns++
    const left = await readIfThere(type, store)
    if (left === undefined) continue
    assertWholeSources(
      left,
      before === undefined ? [{ ...expected, sources: [], chunks: [] }, expected] : [before, expected],
    )
    held = new Set(left.texts)
  }
  const done = await doJob(job)
  if (kind === 'index')
    assert.deepEqual(
      done.embedded.filter((one) => held.has(one)),
      [],
      'embedded though it was stored',
    )
  const sent = [...(await readLines(embedded)), ...done.embedded]
  const twice = sent.length - new Set(sent).size
  assert(twice <= killedRuns * largestBatch, `${twice} texts were embedded again after ${killedRuns} kills`)
  assert.equal(done.failed, failed)
  assert.deepEqual(await readStore(type, store), expected)
  await assertSound(type, store)
  const again = await doJob(job)
  assert.deepEqual([again.embedded, again.written], [[], 0])
  return killedRuns
}

function describe({ type, scenario }: Pick<CellGround, 'type' | 'scenario'>, kills: readonly Kill[]): string {
  const names = kills.map((kill) => ('name' in kill ? `${kill.name} (${kill.occurrence})` : `${kill.afterMs} ms`))
  return `${type}, ${scenario}, killed at ${names.join(', then ')}`
}

/** Makes the store of a cell in an empty folder, and lets a process do the scenario's work undisturbed. */
export async function prepareCell(type: StoreType, scenario: ScenarioName, folder: string): Promise<KillCell> {
  const { change, job: kind, hasStore } = scenarios[scenario]
  const corpus = join(folder, 'corpus')
  const pristine = join(folder, 'before')
  const undisturbed = join(folder, 'undisturbed')
  await writeCorpus(corpus)
  if (hasStore) await doJob({ job: 'index', type, corpus, store: pristine })
  else await mkdir(pristine)
  await change(corpus)
  const copyOf = (path: string): Promise<void> => cp(pristine, path, { recursive: true, preserveTimestamps: true })
  await copyOf(undisturbed)
  const job = { job: kind, type, corpus, store: undisturbed, embedded: `${undisturbed}-embedded`, point: undefined }
  const startedAt = performance.now()
  const { output } = await runChild(job, folder)
  const durationMs = performance.now() - startedAt
  const { points, largestBatch } = JSON.parse(output) as PassedPoints
  const before = hasStore ? await readStore(type, pristine) : undefined
  const ground = { type, scenario, folder, before, expected: await readStore(type, undisturbed), largestBatch }
  let count = 0
  return {
    type,
    scenario,
    points: new Map(Object.entries(points)),
    durationMs,
    async kill(kills) {
      const store = join(folder, `killed-${count++}`)
      await copyOf(store)
      await writeFile(`${store}-embedded`, '')
      try {
        return await killAndFinish(ground, kills, store)
      } catch (error) {
        throw new Error(describe(ground, kills), { cause: error })
      } finally {
        await rm(store, { recursive: true, force: true })
      }
    },
  }
}
