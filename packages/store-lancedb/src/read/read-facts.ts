import type { Table } from '@lancedb/lancedb'
import { stringReader } from '../format/read-columns.ts'

/** The facts in the table `meta`. */
export async function readFacts(meta: Table): Promise<Map<string, string>> {
  const facts = new Map<string, string>()
  for await (const batch of meta.query().select(['key', 'value'])) {
    const [key, value] = [stringReader(batch, 'key'), stringReader(batch, 'value')]
    for (let row = 0; row < batch.numRows; row++) facts.set(key(row) ?? '', value(row) ?? '')
  }
  return facts
}
