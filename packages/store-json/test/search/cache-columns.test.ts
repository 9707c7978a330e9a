import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MeasuredColumns } from '../../src/search/rows/source-rows.ts'
import { columnsBytes, createColumns, setColumns } from '../../src/search/vector-cache/cache-columns.ts'

const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })

function measured(ids: readonly string[], start: number): MeasuredColumns & { readonly ids: readonly string[] } {
  const column = (step: number): Float64Array => Float64Array.from(ids, (_, i) => start + i * step)
  const checksums = Uint32Array.from(ids, (_, i) => start + i)
  return { ids, lengths: column(0.5), starts: column(10), vectorStarts: column(20), checksums }
}

test('columns of sources are read as they were written, one source behind the other, ids of any script included', () => {
  fc.assert(
    fc.property(fc.array(fc.array(id, { maxLength: 4 }), { maxLength: 5 }), (idsOfSources) => {
      const rows = idsOfSources.flat().length
      const written = new ArrayBuffer(columnsBytes(rows, 0))
      const sources: { readonly first: number; readonly given: ReturnType<typeof measured> }[] = []
      const idParts: Buffer[] = []
      let first = 0
      for (const ids of idsOfSources) {
        const given = measured(ids, first)
        idParts.push(setColumns(createColumns(written, rows), given, first))
        sources.push({ first, given })
        first += ids.length
      }
      const idData = Buffer.concat(idParts)
      const memory = new ArrayBuffer(columnsBytes(rows, idData.length))
      new Uint8Array(memory).set(Buffer.concat([new Uint8Array(written), idData]))
      const read = createColumns(memory, rows)
      expect([...read.ids]).toEqual(idsOfSources.flat())
      expect(read.ids.at(rows)).toBeUndefined()
      for (const { first: row, given } of sources) {
        const end = row + given.ids.length
        expect(Array.from(given.ids, (_, i) => read.ids.at(row + i))).toEqual(given.ids)
        for (const column of ['lengths', 'starts', 'vectorStarts', 'checksums'] as const) {
          expect(read[column].subarray(row, end)).toEqual(given[column])
        }
      }
    }),
  )
})
