export { checkBatch, checkBatchInSteps, isEmptyBatch } from './batch-check.ts'
export type { Chunk, Chunker, StoredChunk } from './chunk.ts'
export type { Document, Segment } from './document.ts'
export type { Embedder } from './embedder.ts'
export type { EmbeddingSpace } from './embedding-space.ts'
export { compareStrings, matchesFilter } from './filter.ts'
export type { Filter, FilterValue } from './filter.ts'
export { fusedScore, fuseRankings, fusionRankConstant } from './fuse-rankings.ts'
export { chunkId, hashParts, sha256, textHash } from './hashes.ts'
export { wordsOf } from './keyword/words-of.ts'
export { createMemoryStore } from './memory-store.ts'
export type { MemoryStoreOptions } from './memory-store.ts'
export type { ChunkMetadata, DocumentMetadata, JsonValue, LineRange } from './metadata.ts'
export { errorMessage, isQuernError, QuernError, systemErrorCode } from './quern-error.ts'
export type { ErrorCode, QuernErrorOptions, SourceErrorCode } from './quern-error.ts'
export { checkQuery } from './query-check.ts'
export { rankChunks } from './rank-chunks.ts'
export { knownTexts } from './self-test/known-texts.ts'
export type { KnownVector } from './self-test/known-texts.ts'
export { resolveSelfTest } from './self-test/resolve-self-test.ts'
export type { SelfTestChoice } from './self-test/resolve-self-test.ts'
export { createSelfTest } from './self-test/self-test.ts'
export type { SelfTest, SelfTestMode, SelfTestOptions } from './self-test/self-test.ts'
export type { SelfTestSubject } from './self-test/self-test-subject.ts'
export type { RememberedVector, VectorMemory } from './self-test/vector-memory.ts'
export { compareScored, cosineSimilarity, dotProduct, vectorFault, vectorLength } from './similarity.ts'
export type { Scored } from './similarity.ts'
export type { CallOptions, ListingEntry, LoadedSource, Loader, SkipReason, Source, SourceState } from './source.ts'
export { checkSameSpace } from './space-check.ts'
export { indexDetails, textEmpty, textTooLong } from './text-errors.ts'
export type { TextIndex } from './text-errors.ts'
export { unitVector } from './unit-vector.ts'
export type { VectorOrigin } from './unit-vector.ts'
export type {
  ChunkQuery,
  MaintenanceReport,
  RepairReport,
  ReusableVector,
  SearchHit,
  SearchMode,
  SearchQuery,
  SourceChunks,
  StoreBatch,
  StoreFault,
  StoreStats,
  VectorStore,
} from './vector-store.ts'
