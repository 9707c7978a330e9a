import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openGatedEndpoint, writeEndpointProject } from './gated-endpoint.ts'
import { lastLine, startIndexer } from './start-indexer.ts'

const processes = 16
const files = 3

test.each(['json', 'lancedb'])(
  'of sixteen processes started at once on a %s store that is not there yet one writes, and the others exit 10 and name it',
  { timeout: 300_000 },
  async (type) => {
    await using folder = await temporaryFolder()
    await using endpoint = await openGatedEndpoint()
    await writeEndpointProject(folder.path, endpoint.url, files)
    const run = ['run', '--json', '--store', type]
    const started = Array.from({ length: processes }, () => startIndexer(run, folder.path))

    // The one that writes waits for its first vector until all others have ended.
    let ended = 0
    const others = Promise.withResolvers<void>()
    for (const { ended: end } of started) void end.then(() => ++ended === processes - 1 && others.resolve())
    await others.promise
    await endpoint.asked
    endpoint.open()
    const outcomes = await Promise.all(started.map(({ ended: end }) => end))

    const winners = outcomes.filter(({ exitCode }) => exitCode === 0)
    expect(winners.map(({ stderr }) => stderr)).toEqual([''])
    const [winner] = winners
    expect(lastLine(winner?.stdout ?? '')).toMatchObject({ sources: { new: files }, exitCode: 0 })
    for (const { pid, exitCode, stderr } of outcomes) {
      if (pid === winner?.pid) continue
      expect(exitCode, stderr).toBe(10)
      const error = JSON.parse(stderr) as { readonly code: string; readonly message: string; readonly hint: string }
      expect(error.code).toBe('STORE_BUSY')
      expect(error.message).toContain(`process ${winner?.pid} `)
      expect(error.hint).toContain('--wait')
    }
    const asked = endpoint.texts.length
    const second = await startIndexer(run, folder.path).ended
    expect(lastLine(second.stdout)).toMatchObject({ sources: { new: 0, unchanged: files }, exitCode: 0 })
    expect(endpoint.texts).toHaveLength(asked)
  },
)
