import type { Index } from '@lancedb/lancedb'
import type { LanceDriver } from '../driver/lance-driver.ts'

/**
 * The index of vectors for this many dimensions: IVF with RaBitQ, whose answers are refined with the exact distances; it takes multiples
 * of eight, and few dimensions tell it too little. For others HNSW with scalar quantisation.
 */
export function vectorIndexFor({ lance }: LanceDriver, dimensions: number): Index {
  if (dimensions % 8 === 0 && dimensions >= 128) return lance.Index.ivfRq({ distanceType: 'cosine' })
  return lance.Index.hnswSq({ distanceType: 'cosine', m: 16, efConstruction: 100 })
}
