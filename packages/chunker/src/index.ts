export type { ChunkerOptions, TextFormat } from './chunker-options.ts'
export { createChunker } from './create-chunker.ts'
