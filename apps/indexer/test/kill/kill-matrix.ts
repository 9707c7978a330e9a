import { join } from 'node:path'
import { mkdir } from 'node:fs/promises'
import { prepareCell } from './kill-cell.ts'
import type { Kill, KillCell } from './kill-cell.ts'
import { scenarioNames } from './scenarios.ts'
import { storeTypes } from './stored-at.ts'

/** Kills on the store of one cell. */
export interface PlannedKill {
  readonly cell: KillCell
  readonly kills: readonly Kill[]
}

/** Every type of store in every scenario. */
export async function prepareCells(folder: string): Promise<KillCell[]> {
  const cells: KillCell[] = []
  for (const type of storeTypes) {
    for (const scenario of scenarioNames) {
      const place = join(folder, `${type} ${scenario}`)
      await mkdir(place)
      cells.push(await prepareCell(type, scenario, place))
    }
  }
  return cells
}

/** Every point of every cell: the first, the middle and the last of its occurrences. */
export function wholeMatrix(cells: readonly KillCell[]): PlannedKill[] {
  return cells.flatMap((cell) =>
    [...cell.points].flatMap(([name, count]) =>
      [...new Set([0, count >> 1, count - 1])].map((occurrence) => ({ cell, kills: [{ name, occurrence }] })),
    ),
  )
}

/** So many of the points, each in one of the cells that have it, in turn, so that every cell comes up. */
export function sampleOfMatrix(cells: readonly KillCell[], count: number): PlannedKill[] {
  const names = [...new Set(cells.flatMap(({ points }) => [...points.keys()]))]
  const used = new Map(cells.map((cell) => [cell, 0]))
  return Array.from({ length: count }, (_, place) => {
    const name = names[Math.floor((place * names.length) / count)] as string
    const able = cells.filter(({ points }) => points.has(name))
    const cell = able.toSorted((a, b) => (used.get(a) ?? 0) - (used.get(b) ?? 0))[0] as KillCell
    used.set(cell, (used.get(cell) ?? 0) + 1)
    return { cell, kills: [{ name, occurrence: (cell.points.get(name) ?? 1) >> 1 }] }
  })
}

/** Chains of one to three kills at random moments of the life of a process, or at random points. `random` gives numbers below 1. */
export function randomKills(cells: readonly KillCell[], count: number, random: () => number): PlannedKill[] {
  const choose = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  return Array.from({ length: count }, () => {
    const cell = choose(cells)
    const kills = Array.from({ length: 1 + Math.floor(random() * 3) }, (): Kill => {
      if (random() < 0.5) return { afterMs: Math.floor(random() * cell.durationMs) }
      const [name, times] = choose([...cell.points])
      return { name, occurrence: Math.floor(random() * times) }
    })
    return { cell, kills }
  })
}

/**
 * Does them, two at a time: the start of a process is most of its life. Resolves with how many processes were killed. After a failure
 * nothing new is begun.
 */
export async function doKills(planned: readonly PlannedKill[], onDone: () => void = () => {}): Promise<number> {
  const queue = [...planned]
  let killed = 0
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      try {
        const count = await next.cell.kill(next.kills)
        killed += count
      } catch (error) {
        queue.length = 0
        throw error
      }
      onDone()
    }
  }
  const failure = (await Promise.allSettled([work(), work()])).find(({ status }) => status === 'rejected')
  if (failure?.status === 'rejected') throw failure.reason
  return killed
}
