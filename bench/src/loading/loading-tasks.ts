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
}

/** What is loaded. */
export interface LoadRequest {
  readonly folder: string
}

async function loadWithQuern({ folder }: LoadRequest): Promise<LoadedTree> {
  const startedAt = performance.now()
  await using loader = await openFileLoader({ roots: [{ path: folder }] })
  const tally = { documents: 0, characters: 0, pages: 0, refused: 0 }
  for await (const entry of loader.list()) {
    if (entry.type === 'skipped') {
      tally.refused++
      continue
    }
    try {
      const { pageContent, metadata } = (await entry.source.load()).document
      tally.characters += pageContent.length
      tally.pages += metadata.pageCount ?? 0
      tally.documents++
    } catch {
      tally.refused++
    }
  }
  return { ...tally, seconds: (performance.now() - startedAt) / 1000 }
}

/** As LangChain's documentation shows it: a loader for each ending, all documents in an array. */
async function loadWithLangChain({ folder }: LoadRequest): Promise<LoadedTree> {
  const { DirectoryLoader } = await import('@langchain/classic/document_loaders/fs/directory')
  const { TextLoader } = await import('@langchain/classic/document_loaders/fs/text')
  const { JSONLoader } = await import('@langchain/classic/document_loaders/fs/json')
  const asText = (path: string): InstanceType<typeof TextLoader> => new TextLoader(path)
  const startedAt = performance.now()
  const loader = new DirectoryLoader(folder, {
    '.md': asText,
    '.js': asText,
    '.ts': asText,
    '.html': asText,
    '.txt': asText,
    '.json': (path) => new JSONLoader(path),
  })
  const documents = await loader.load()
  const characters = documents.reduce((sum, { pageContent }) => sum + pageContent.length, 0)
  return {
    documents: new Set(documents.map(({ metadata }) => String(metadata['source']))).size,
    characters,
    pages: 0,
    refused: 0,
    seconds: (performance.now() - startedAt) / 1000,
  }
}

/** The tasks, for the type of their runner. */
export const loadingTasks = { loadWithQuern, loadWithLangChain }

answerTasks(loadingTasks)
