import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { sha256 } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore, repairJsonStore } from '../../src/index.ts'
import { sampleOf } from '../effort.ts'
import { sampleSources, space } from '../sample-store.ts'
import type { Holdings } from './damaged-store.ts'
import {
  createDamageable,
  filesOf,
  holdingsAfterRepair,
  holdingsOf,
  segmentWays,
  wayNames,
  ways,
  withoutTouches,
} from './damaged-store.ts'

const nothingDone = { actions: [], lostSources: [] }

/** Sources that are not as they were before, though the report does not name them. */
function unnamedLosses(before: Holdings, after: Holdings, lost: readonly string[]): string[] {
  const chunksBefore = withoutTouches(before)
  const chunksAfter = withoutTouches(after)
  return [...chunksBefore.keys()].filter(
    (id) => !lost.includes(id) && !isDeepStrictEqual(chunksBefore.get(id), chunksAfter.get(id)),
  )
}

test.each(wayNames)('the repair of a sound store changes nothing (%s)', async (way) => {
  await using folder = await temporaryFolder()
  await createDamageable(folder.path, way)
  const before = await filesOf(folder.path)
  expect(await repairJsonStore({ path: folder.path })).toEqual(nothingDone)
  expect(await filesOf(folder.path)).toEqual(before)
  expect(await readdir(folder.path)).not.toContain('damaged')
})

test.each(wayNames)('a file that was cut off costs only the sources that were in it (%s)', async (way) => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'store')
  const before = await createDamageable(path, way)
  const files = await filesOf(path)
  for (const [name, content] of files) {
    for (const kept of sampleOf([content.length - 2, content.length - 40, content.length >> 1], 3)) {
      await rm(path, { recursive: true })
      for (const [other, bytes] of files) {
        await mkdir(join(path, other, '..'), { recursive: true })
        await writeFile(join(path, other), other === name ? bytes.subarray(0, kept) : bytes)
      }
      const { holdings, report } = await holdingsAfterRepair(path)
      expect(report.actions.join('\n')).toContain(name)
      expect(unnamedLosses(before, holdings, report.lostSources)).toEqual([])
      const losable = name.startsWith('chunks') || name === 'embeddings.json'
      expect(losable || report.lostSources.length === 0).toBe(true)
      expect(report.lostSources.every((id) => !holdings.has(id))).toBe(true)
      const [aside = ''] = await readdir(join(path, 'damaged'))
      expect(await readFile(join(path, 'damaged', aside, name))).toEqual(content.subarray(0, kept))
    }
  }
})

test.each(segmentWays)('a file that is empty or missing costs only the sources that were in it (%s)', async (way) => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'store')
  const before = await createDamageable(path, way)
  const files = await filesOf(path)
  for (const [name] of files) {
    for (const damage of sampleOf(['empty', 'missing'], 2)) {
      await rm(path, { recursive: true })
      for (const [other, bytes] of files) {
        await mkdir(join(path, other, '..'), { recursive: true })
        if (other !== name) await writeFile(join(path, other), bytes)
        else if (damage === 'empty') await writeFile(join(path, other), '')
      }
      const { holdings, report } = await holdingsAfterRepair(path)
      expect(unnamedLosses(before, holdings, report.lostSources)).toEqual([])
      expect(report.lostSources.length > 0).toBe(name.startsWith('chunks'))
      expect(holdings.size).toBeGreaterThan(1)
    }
  }
})

test.each(wayNames)('a changed byte anywhere costs one source at most, which is named (%s)', async (way) => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'store')
  const before = await createDamageable(path, way)
  const files = await filesOf(path)
  let tried = 0
  let repaired = 0
  let lossless = 0
  for (const [name, content] of files) {
    const step = Math.ceil(content.length / (way === 'a single file' ? 64 : 1.5))
    // In a single file nearly every byte belongs to a source: one that belongs to none is always among those tried.
    const head = content.indexOf('\n  "embeddings": [\n')
    for (const at of new Set([...(head < 0 ? [] : [head]), ...sampleOf([...content.keys()], step, 3)])) {
      tried++
      await rm(path, { recursive: true })
      const damaged = Buffer.from(content)
      damaged[at] = (damaged[at] as number) ^ 0x04
      for (const [other, bytes] of files) {
        await mkdir(join(path, other, '..'), { recursive: true })
        await writeFile(join(path, other), other === name ? damaged : bytes)
      }
      const { holdings, report } = await holdingsAfterRepair(path)
      expect(unnamedLosses(before, holdings, report.lostSources)).toEqual([])
      expect(report.lostSources.length).toBeLessThanOrEqual(1)
      if (report.actions.length > 0) repaired++
      if (report.lostSources.length === 0) lossless++
    }
  }
  expect(repaired).toBeGreaterThan(tried / 4)
  expect(lossless).toBeGreaterThan(0)
})

test('a changed byte before the entries of a single file costs no source', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'store')
  const before = await createDamageable(path, 'a single file')
  const file = join(path, 'embeddings.json')
  const content = await readFile(file)
  const mark = '\n  "embeddings": [\n'
  const start = content.indexOf(mark)
  const places = [...content.keys()]
  for (const at of [...sampleOf(places.slice(0, start), 256, 8), ...places.slice(start, start + mark.length)]) {
    const damaged = Buffer.from(content)
    damaged[at] = (damaged[at] as number) ^ 0x04
    await rm(path, { recursive: true })
    await mkdir(path)
    await writeFile(file, damaged)
    const { holdings, report } = await holdingsAfterRepair(path)
    expect([at - start, report.lostSources]).toEqual([at - start, []])
    expect(unnamedLosses(before, holdings, [])).toEqual([])
  }
})

test.each(segmentWays)(
  'chunk files alone give the whole store back, but for later touches and deletions (%s)',
  async (way) => {
    await using folder = await temporaryFolder()
    const before = await createDamageable(folder.path, way)
    await rm(join(folder.path, 'manifest.json'))
    await rm(join(folder.path, 'sources'), { recursive: true })
    const { holdings, report } = await holdingsAfterRepair(folder.path)
    expect(report.lostSources).toEqual([])
    expect(report.actions.join('\n')).toContain('made anew from the chunk files')
    const [deleted] = sampleSources(3, 1)
    expect(withoutTouches(holdings).get('docs/3.md')).toEqual(deleted?.chunks)
    const others = new Map([...withoutTouches(holdings)].filter(([id]) => id !== 'docs/3.md'))
    expect(others).toEqual(withoutTouches(before))
    await using store = await openJsonStore({ path: folder.path, mode: 'read' })
    expect(store.space).toEqual(space)
  },
)

test('a lost manifest alone loses nothing, not even touches and deletions', async () => {
  await using folder = await temporaryFolder()
  const before = await createDamageable(folder.path, 'segments')
  const files = await filesOf(folder.path)
  await writeFile(join(folder.path, 'manifest.json'), '')
  const { holdings, report } = await holdingsAfterRepair(folder.path)
  expect(holdings).toEqual(before)
  expect(report.lostSources).toEqual([])
  files.delete('manifest.json')
  const after = await filesOf(folder.path)
  after.delete('manifest.json')
  expect(after).toEqual(files)
})

test('an old manifest that was put back does not hide what was committed since', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'store')
  await createDamageable(path, 'segments')
  await cp(join(path, 'manifest.json'), join(folder.path, 'old.json'))
  let before: Holdings
  {
    await using store = await openJsonStore({ path, mode: 'write' })
    await store.commit({ put: sampleSources(20, 3) })
    await store.maintain()
    before = await holdingsOf(store)
  }
  await cp(join(folder.path, 'old.json'), join(path, 'manifest.json'))
  const { holdings, report } = await holdingsAfterRepair(path)
  expect(holdings).toEqual(before)
  expect(report.lostSources).toEqual([])
})

test.each(wayNames)('a newer version is refused and left untouched (%s)', async (way) => {
  await using folder = await temporaryFolder()
  await createDamageable(folder.path, way)
  const root = way === 'a single file' ? 'embeddings.json' : 'manifest.json'
  const text = await readFile(join(folder.path, root), 'utf8')
  await writeFile(join(folder.path, root), text.replace('"version": 1', '"version": 2'))
  const before = await filesOf(folder.path)
  await expect(repairJsonStore({ path: folder.path })).rejects.toMatchObject({ code: 'STORE_NEWER' })
  expect(await filesOf(folder.path)).toEqual(before)
})

test('a newer version is known by its data files, too', async () => {
  await using folder = await temporaryFolder()
  await createDamageable(folder.path, 'segments')
  await rm(join(folder.path, 'manifest.json'))
  const file = join(folder.path, 'chunks', '00000002.jsonl')
  await writeFile(file, (await readFile(file, 'utf8')).replace('"version":1', '"version":7'))
  const before = await filesOf(folder.path)
  await expect(repairJsonStore({ path: folder.path })).rejects.toMatchObject({
    code: 'STORE_NEWER',
    details: { version: 7 },
  })
  expect(await filesOf(folder.path)).toEqual(before)
})

test('the space is never guessed: where no file tells it, nothing is changed', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'single')
  await createDamageable(path, 'a single file')
  const text = await readFile(join(path, 'embeddings.json'), 'utf8')
  await writeFile(join(path, 'embeddings.json'), text.replaceAll(space.fingerprint, sha256('something else')))
  const empty = join(folder.path, 'empty')
  await (await openJsonStore({ path: empty, mode: 'write', space, layout: 'segments' })).close()
  await writeFile(join(empty, 'manifest.json'), '')
  for (const store of [path, empty]) {
    const before = await filesOf(store)
    const repair = repairJsonStore({ path: store })
    await expect(repair).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('which') as string,
    })
    expect(await filesOf(store)).toEqual(before)
  }
})

test('files of two stores are not made one', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a')
  await createDamageable(path, 'segments')
  const other = { ...space, fingerprint: sha256('another') }
  {
    await using store = await openJsonStore({
      path: join(folder.path, 'b'),
      mode: 'write',
      space: other,
      layout: 'segments',
    })
    await store.commit({ put: sampleSources(0, 1) })
  }
  await cp(join(folder.path, 'b', 'chunks', '00000002.jsonl'), join(path, 'chunks', '00000077.jsonl'))
  await rm(join(path, 'manifest.json'))
  const before = await filesOf(path)
  await expect(repairJsonStore({ path })).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  expect(await filesOf(path)).toEqual(before)
})

test('what killed writers left is removed, and damaged caches', async () => {
  await using folder = await temporaryFolder()
  await createDamageable(folder.path, 'segments')
  const before = await filesOf(folder.path)
  await mkdir(join(folder.path, 'cache'), { recursive: true })
  const litter = [
    join('chunks', '00000099.jsonl.zst'),
    join('cache', '00000002.vectors'),
    'manifest.json.01234567-89ab-cdef-0123-456789abcdef.tmp',
  ]
  for (const name of litter) await writeFile(join(folder.path, name), 'half')
  await using reader = await openJsonStore({ path: folder.path, mode: 'read' })
  const places: string[] = []
  for await (const { place, sources } of reader.verify()) {
    places.push(place)
    expect(sources).toEqual([])
  }
  expect(places.toSorted()).toEqual(litter.map((name) => join(folder.path, name)).toSorted())
  const { actions, lostSources } = await repairJsonStore({ path: folder.path })
  expect(actions).toHaveLength(2)
  expect(lostSources).toEqual([])
  expect(await filesOf(folder.path)).toEqual(before)
})

test('a store that another writer has open is not repaired', async () => {
  await using folder = await temporaryFolder()
  await using _ = await openJsonStore({ path: folder.path, mode: 'write', space, ...ways.segments })
  await expect(repairJsonStore({ path: folder.path })).rejects.toMatchObject({ code: 'STORE_BUSY' })
})

test('where no store is, nothing is repaired and nothing made', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'note.txt'), 'mine')
  for (const path of [folder.path, join(folder.path, 'missing')]) {
    await expect(repairJsonStore({ path })).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  }
  await expect(repairJsonStore({ path: '' })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  expect(await readdir(folder.path)).toEqual(['note.txt'])
})
