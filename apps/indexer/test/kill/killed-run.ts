/**
 * Does a job and kills itself with SIGKILL at a fail point: node killed-run.ts <job as JSON>. Without a point it tells, at its end, which
 * points it passed. Texts that are embedded are added to the file `embedded` one by one, as JSON lines.
 */
import { appendFileSync } from 'node:fs'
import { doJob } from './do-job.ts'
import type { KilledJob, PassedPoints } from './killed-job.ts'
import { watchFiles, watchLance } from './watch-disk.ts'

const { point, embedded, ...job } = JSON.parse(process.argv[2] ?? '') as KilledJob
const passed = new Map<string, number>()

function pass(name: string, last?: () => void): void {
  const count = passed.get(name) ?? 0
  passed.set(name, count + 1)
  if (name !== point?.name || count !== point.occurrence) return
  last?.()
  process.kill(process.pid, 'SIGKILL')
}

watchFiles(job.store, pass)
if (job.type === 'lancedb') watchLance(pass)
const { largestBatch } = await doJob({
  ...job,
  pass,
  onText: (text) => appendFileSync(embedded, `${JSON.stringify(text)}\n`),
})
const told: PassedPoints = { points: Object.fromEntries(passed), largestBatch }
process.stdout.write(JSON.stringify(told))
