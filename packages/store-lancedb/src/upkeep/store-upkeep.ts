import type { CallOptions, MaintenanceReport } from '@quern/core'
import { isQuernError } from '@quern/core'
import type { LanceWriter } from '../commit/lance-writer.ts'
import { storeBytes } from '../files/store-bytes.ts'
import type { FileSync } from '../files/sync-files.ts'
import { createFileSync } from '../files/sync-files.ts'
import type { Durability } from '../lance-store-options.ts'
import type { UpkeepSettings } from './run-upkeep.ts'
import { runUpkeep } from './run-upkeep.ts'
import type { UpkeepPlan, UpkeepSituation } from './upkeep-plan.ts'
import { planMaintenance, planUpkeep } from './upkeep-plan.ts'

/** How a writer looks after its store. */
export interface WriterSettings extends UpkeepSettings {
  readonly durability: Durability
}

/** What is done to a store beside commits, so that it stays small, fast and on the disk. */
export interface StoreUpkeep {
  /** After a commit that wrote this many rows. */
  afterCommit(rows: number): Promise<void>
  maintain(options: CallOptions): Promise<MaintenanceReport>
  /** When the writer is closed. */
  beforeClose(): Promise<void>
}

/** Commits after which a long run looks at the table. */
const smallCommits = 32
/** A commit of more rows leaves a fragment that need not be merged soon. */
const smallCommitRows = 1000

function planWithinRun(situation: UpkeepSituation): UpkeepPlan {
  return { ...planUpkeep(situation), wordIndex: false, vectorIndex: false }
}

/** The upkeep of the store of a writer. */
export function createStoreUpkeep(writer: LanceWriter, settings: WriterSettings): StoreUpkeep {
  const { context } = writer
  const { folder } = context.place
  const { durability } = settings
  const sync: FileSync | undefined = folder === undefined || durability === 'off' ? undefined : createFileSync(folder)
  let pending = 0
  let changed = false

  const translated = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw await context.translate(error, 'write')
    }
  }
  /** Whatever cannot be written now is left for the next occasion: the commits are safe. */
  const tidyUp = async (plan: (situation: UpkeepSituation) => UpkeepPlan): Promise<void> => {
    try {
      await translated(() => runUpkeep(writer, plan, { settings }))
    } catch (error) {
      if (!isQuernError(error, 'STORE_WRITE_FAILED')) throw error
    }
  }
  return {
    async afterCommit(rows) {
      changed = true
      if (durability === 'commit') await translated(async () => sync?.run())
      if (rows < smallCommitRows) pending++
      if (pending < smallCommits) return
      pending = 0
      await tidyUp(planWithinRun)
    },
    maintain: (options) =>
      translated(async () => {
        const bytesBefore = await storeBytes(context)
        await runUpkeep(writer, planMaintenance, { settings, ...options })
        await sync?.run()
        pending = 0
        return { bytesBefore, bytesAfter: await storeBytes(context) }
      }),
    async beforeClose() {
      if (!changed) return
      await tidyUp(planUpkeep)
      await translated(async () => sync?.run())
    },
  }
}
