import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnsBytes, columnsOf, createColumns, setColumns } from '../../src/search/vector-cache/cache-columns.ts'
import type { SourceColumns } from '../../src/search/vector-cache/cache-columns.ts'

const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })

function sourceColumns(ids: readonly string[], start: number): SourceColumns {
  const column = (step: number): Float64Array => Float64Array.from(ids, (_, i) => start + i * step)
  const places = { starts: column(10), vectorStarts: column(20), checksums: Uint32Array.from(ids, (_, i) => start + i) }
  return { lengths: column(0.5), places, ids }
}

test('the columns of sources are read as they were written, each source by itself, ids of any script included', () => {
  fc.assert(
    fc.property(fc.array(fc.array(id, { maxLength: 4 }), { maxLength: 5 }), (idsOfSources) => {
      const rows = idsOfSources.flat().length
      const written = new ArrayBuffer(columnsBytes(rows, 0))
      const sources: { readonly first: number; readonly given: SourceColumns }[] = []
      const idParts: Buffer[] = []
      let first = 0
      for (const ids of idsOfSources) {
        const given = sourceColumns(ids, first)
        idParts.push(setColumns(createColumns(written, rows), given, first))
        sources.push({ first, given })
        first += ids.length
      }
      const idData = Buffer.concat(idParts)
      const memory = new ArrayBuffer(columnsBytes(rows, idData.length))
      new Uint8Array(memory).set(Buffer.concat([new Uint8Array(written), idData]))
      const read = createColumns(memory, rows)
      for (const { first: row, given } of sources) {
        const { ids, ...rest } = columnsOf(read, row, row + given.ids.length)
        expect(rest).toEqual({ lengths: given.lengths, places: given.places })
        expect([...ids]).toEqual(given.ids)
        expect(ids.at(ids.length)).toBeUndefined()
      }
    }),
  )
})
