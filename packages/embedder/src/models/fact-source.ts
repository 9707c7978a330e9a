import type { FactSource } from './known-model.ts'

/** A fact that was read in this place. */
export function read(source: string): FactSource {
  return { source, confirmed: true }
}

/** A fact that is believed, and should be found in this place, but was not read there. */
export function believed(source: string): FactSource {
  return { source, confirmed: false }
}

/** Of a file: repository, name, size and SHA-256 stand alike in several places. */
export const pinned: FactSource = read('repository, file name, size and SHA-256 as several public projects pin them')

/** Of a file: its repository and name stand in other places. */
export const named: FactSource = read('repository and file name as other public projects fetch them')

/** Of a file: as `named`, and nobody said how large it is. */
export const sizeEstimated: FactSource = read(
  'repository and file name as other public projects fetch them; the size is estimated',
)

/** The words in front of a query that several families of models were trained with. */
export const searchInstruction = 'Represent this sentence for searching relevant passages: '
