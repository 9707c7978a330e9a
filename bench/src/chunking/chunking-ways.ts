import { MarkdownTextSplitter, RecursiveCharacterTextSplitter } from '@langchain/classic/text_splitter'
import { type ChunkerOptions, createChunker } from '@quern/chunker'
import type { SampleDocument } from './sample-documents.ts'

/** A piece of a document, as a way of splitting gives it. */
export interface SplitPiece {
  /** What the model is sent. */
  readonly embedText: string
  readonly text: string
  /** Lines from 1 on which the piece begins and ends, as the way tells them. */
  readonly lines: { readonly from: number; readonly to: number }
}

/** A way of splitting documents. */
export interface ChunkingWay {
  readonly name: string
  /** Whether neighbouring pieces are to share text. */
  readonly overlaps: boolean
  readonly split: (document: SampleDocument) => Promise<SplitPiece[]>
}

/** How tokens are counted, and how many a text may have. */
export interface TokenRule {
  readonly maxTokens: number
  readonly countTokens: (text: string) => number
}

/** Quern's chunker with its defaults, but for what is given. */
export function quernWay(rule: TokenRule, options: Partial<ChunkerOptions> = {}): ChunkingWay {
  const chunker = createChunker({ ...rule, ...options })
  const { overlapTokens = 0 } = options
  return {
    name: overlapTokens === 0 ? 'Quern' : `Quern, overlap ${overlapTokens}`,
    overlaps: overlapTokens > 0,
    async split({ text, mediaType, codeLanguage, name }) {
      const document = { pageContent: text, metadata: { source: name, mediaType, codeLanguage } }
      const chunks = await Array.fromAsync(chunker.split(document))
      return chunks.map(({ embedText, pageContent, metadata }) => ({
        embedText,
        text: pageContent,
        lines: metadata.lines,
      }))
    },
  }
}

/** How a splitter of LangChain is made. */
export interface LangChainSettings {
  readonly kind: 'recursive' | 'markdown'
  readonly chunkOverlap: number
  /** Sizes in tokens, special ones apart, as large as Quern's target, rather than in characters. */
  readonly tokens?: TokenRule
}

const targetTokens = 384

/** A splitter of LangChain as its documentation uses it, with the document's `chunkSize` or in tokens. */
export function langChainWay({ kind, chunkOverlap, tokens }: LangChainSettings): ChunkingWay {
  const Splitter = kind === 'markdown' ? MarkdownTextSplitter : RecursiveCharacterTextSplitter
  const special = tokens?.countTokens('') ?? 0
  const sized = tokens === undefined ? {} : { lengthFunction: (text: string) => tokens.countTokens(text) - special }
  return {
    name: `LangChain ${kind}, overlap ${chunkOverlap}${tokens === undefined ? '' : ', in tokens'}`,
    overlaps: chunkOverlap > 0,
    async split({ text, chunkSize }) {
      const splitter = new Splitter({
        chunkSize: tokens === undefined ? chunkSize : targetTokens,
        chunkOverlap,
        ...sized,
      })
      const documents = await splitter.createDocuments([text])
      return documents.map(({ pageContent, metadata }) => {
        const { lines } = metadata['loc'] as { readonly lines: SplitPiece['lines'] }
        return { embedText: pageContent, text: pageContent, lines }
      })
    },
  }
}
