import { expect, test } from 'vitest'
import { createCatalog } from '../../src/catalog.ts'
import { createPace } from '../../src/search/pace.ts'
import { createPictureLoader } from '../../src/search/picture-loader.ts'
import type { RowTable } from '../../src/search/rows/row-table.ts'
import { createRowTable } from '../../src/search/rows/row-table.ts'
import { noCaches } from '../../src/search/vector-cache/cache-reader.ts'
import type { SourceEntry } from '../../src/source-entry.ts'
import { sourceOf } from '../sample-store.ts'

function nothing(): void {}

function entryOf(id: string): SourceEntry {
  const content = { range: undefined, textHashes: [], rows: undefined }
  return { state: sourceOf(id, []).state, content, recordFile: '' }
}

/** A table that counts how often rows were given back. */
function watchedTable(): { table: RowTable; given: () => number } {
  const table = createRowTable({ dimensions: 2 })
  let count = 0
  const retain: RowTable['retain'] = (rows) => {
    count++
    table.retain(rows)
  }
  return { table: { ...table, retain }, given: () => count }
}

test('the picture of a moment is made once, and rows are given back when something has changed', async () => {
  const catalog = createCatalog()
  const { table, given } = watchedTable()
  const loader = createPictureLoader({ catalog }, table, noCaches)
  catalog.put(entryOf('a'))
  const contents = loader.contents()
  expect(loader.contents()).toBe(contents)
  const picture = await loader.picture(contents, createPace(nothing))
  expect(await loader.picture(contents, createPace(nothing))).toBe(picture)
  expect(given()).toBe(1)
  catalog.delete('a', '')
  expect(loader.contents()).toEqual([])
  expect(given()).toBe(2)
})

test('rows that were loaded for sources that are gone by then are given back by the next search', async () => {
  const catalog = createCatalog()
  const { table, given } = watchedTable()
  const loader = createPictureLoader({ catalog }, table, noCaches)
  catalog.put(entryOf('a'))
  const loading = loader.picture(loader.contents(), createPace(nothing))
  catalog.put(entryOf('a'))
  loader.contents()
  await loading
  expect(given()).toBe(2)
  loader.contents()
  expect(given()).toBe(3)
})
