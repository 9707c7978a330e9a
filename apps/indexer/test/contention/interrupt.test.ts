import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { isNote, openGatedEndpoint, writeEndpointProject } from './gated-endpoint.ts'
import { lastLine, startIndexer } from './start-indexer.ts'

/** More than the 64 chunks of a first batch. */
const files = 150

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s finishes the batch, commits it, says how to go on, and exits 130',
  { timeout: 180_000 },
  async (signal) => {
    await using folder = await temporaryFolder()
    await using endpoint = await openGatedEndpoint(isNote)
    await writeEndpointProject(folder.path, endpoint.url, files)
    const { child, ended } = startIndexer(['run'], folder.path)
    // It has its lock and its plan, and waits for the first vector of its first batch.
    await endpoint.asked
    child.kill(signal)
    const said = Promise.withResolvers<void>()
    child.stderr?.on('data', () => said.resolve())
    await said.promise
    endpoint.open()
    const { exitCode, stdout, stderr } = await ended
    expect(exitCode).toBe(130)
    expect(stderr).toContain('interrupted: finishing the batch; press Ctrl-C again to stop at once')
    expect(stdout).toContain('interrupted: what was whole is kept; run the same command again to go on')

    const status = await startIndexer(['status', '--json'], folder.path).ended
    const { sources } = JSON.parse(status.stdout) as { readonly sources: number }
    expect(sources).toBeGreaterThan(0)
    expect(sources).toBeLessThan(files)
    const next = await startIndexer(['run', '--json'], folder.path).ended
    expect(lastLine(next.stdout)).toMatchObject({ sources: { new: files - sources, unchanged: sources }, exitCode: 0 })
  },
)

test('what was whole at Ctrl-C is counted in the last line of --json, and the rest is new to the next run', async () => {
  await using folder = await temporaryFolder()
  await using endpoint = await openGatedEndpoint(isNote)
  await writeEndpointProject(folder.path, endpoint.url, files)
  const { child, ended } = startIndexer(['run', '--json'], folder.path)
  await endpoint.asked
  child.kill('SIGINT')
  endpoint.open()
  const { exitCode, stdout } = await ended
  expect(exitCode).toBe(130)
  const finished = lastLine(stdout) as { readonly sources: { readonly new: number }; readonly exitCode: number }
  expect(finished.exitCode).toBe(130)
  expect(finished.sources.new).toBeGreaterThan(0)
  expect(finished.sources.new).toBeLessThan(files)

  const next = await startIndexer(['run', '--json'], folder.path).ended
  expect(lastLine(next.stdout)).toMatchObject({
    sources: { new: files - finished.sources.new, unchanged: finished.sources.new },
    exitCode: 0,
  })
})

test('a second Ctrl-C ends the process at once, and the next run does the work', { timeout: 180_000 }, async () => {
  await using folder = await temporaryFolder()
  await using endpoint = await openGatedEndpoint(isNote)
  await writeEndpointProject(folder.path, endpoint.url, files)
  const { child, ended } = startIndexer(['run'], folder.path)
  await endpoint.asked
  child.kill('SIGINT')
  child.stderr?.once('data', () => child.kill('SIGINT'))
  expect((await ended).exitCode).toBe(130)
  endpoint.open()
  const next = await startIndexer(['run', '--json'], folder.path).ended
  expect(lastLine(next.stdout)).toMatchObject({ sources: { new: files }, exitCode: 0 })
})
