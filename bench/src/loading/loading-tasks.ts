import { openFileLoader } from '@quern/loader'
import { answerTasks } from '../child-tasks.ts'

/** What loading a tree gave. */
export interface LoadedTree {
  readonly seconds: number
  readonly documents: number
  readonly characters: number
  /** Pages of paged documents, slides among them. */
  readonly pages: number
  /** Files that were refused, each with its reason. */
  readonly refused: number
  /** Documents with U+FFFD in place of what the file says, without a word about it. */
  readonly garbled: number
}

/** What is loaded. */
export interface LoadRequest {
  readonly folder: string
}

/** Whether a text holds what decoders put in place of bytes that they cannot read. A text about that sign has it once or twice. */
function isGarbled(text: string): boolean {
  return text.split('\uFFFD').length > 10
}

async function loadWithQuern({ folder }: LoadRequest): Promise<LoadedTree> {
  const startedAt = performance.now()
  await using loader = await openFileLoader({ roots: [{ path: folder }] })
  const tally = { characters: 0, pages: 0, garbled: 0 }
  // A file of records gives many documents, or none.
  const read = new Set<string>()
  const refused = new Set<string>()
  for await (const entry of loader.list()) {
    if (entry.type === 'skipped') {
      refused.add(entry.id)
      continue
    }
    const [file = ''] = entry.source.id.split('#', 1)
    try {
      const { pageContent, metadata } = (await entry.source.load()).document
      tally.characters += pageContent.length
      tally.pages += metadata.pageCount ?? 0
      if (isGarbled(pageContent) && metadata['undecodedCharacters'] === undefined) tally.garbled++
      read.add(file)
    } catch {
      refused.add(file)
    }
  }
  return { ...tally, documents: read.size, refused: refused.size, seconds: (performance.now() - startedAt) / 1000 }
}

/**
 * As LangChain's documentation shows it: a loader for each ending, all documents in an array. `@langchain/classic` brings loaders of text, JSON and JSON
 * Lines; for other formats there is none in it.
 */
async function loadWithLangChain({ folder }: LoadRequest): Promise<LoadedTree> {
  const { DirectoryLoader } = await import('@langchain/classic/document_loaders/fs/directory')
  const { TextLoader } = await import('@langchain/classic/document_loaders/fs/text')
  const { JSONLoader, JSONLinesLoader } = await import('@langchain/classic/document_loaders/fs/json')
  const asText = (path: string): InstanceType<typeof TextLoader> => new TextLoader(path)
  const startedAt = performance.now()
  const loader = new DirectoryLoader(folder, {
    '.md': asText,
    '.mdx': asText,
    '.js': asText,
    '.ts': asText,
    '.html': asText,
    '.txt': asText,
    '.csv': asText,
    '.tsv': asText,
    '.rst': asText,
    '.org': asText,
    '.tex': asText,
    '.srt': asText,
    '.vtt': asText,
    '.eml': asText,
    '.go': asText,
    '.ipynb': (path) => new JSONLoader(path),
    '.json': (path) => new JSONLoader(path),
    '.jsonl': (path) => new JSONLinesLoader(path, '/codename'),
  })
  const documents = await loader.load()
  const characters = documents.reduce((sum, { pageContent }) => sum + pageContent.length, 0)
  return {
    documents: new Set(documents.map(({ metadata }) => String(metadata['source']))).size,
    characters,
    pages: 0,
    refused: 0,
    garbled: new Set(
      documents.filter(({ pageContent }) => isGarbled(pageContent)).map(({ metadata }) => String(metadata['source'])),
    ).size,
    seconds: (performance.now() - startedAt) / 1000,
  }
}

/** The tasks, for the type of their runner. */
export const loadingTasks = { loadWithQuern, loadWithLangChain }

answerTasks(loadingTasks)
