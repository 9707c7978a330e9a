import type { Embedder, VectorStore } from '@quern/core'
import { QuernEmbeddings, QuernVectorStore } from '@quern/langchain'
import { createAgent, tool } from 'langchain'
import type { CreateAgentParams } from 'langchain'
import { z } from 'zod'

/** What a librarian works with. Store and embedder stay the caller's, who closes them. */
export interface LibrarianOptions {
  /** A chat model of LangChain, or its name. */
  readonly model: NonNullable<CreateAgentParams['model']>
  readonly store: VectorStore
  readonly embedder: Embedder
}

/** `docs/a.md:12`, or the source alone where lines are not known. */
function placeOf({ source, lines }: Record<string, unknown>): string {
  const from = typeof lines === 'object' && lines !== null && 'from' in lines ? `:${String(lines.from)}` : ''
  return `${String(source)}${from}`
}

/** An agent that answers from an index, and cites the source and the lines of what it found. */
export function createLibrarian({ model, store, embedder }: LibrarianOptions) {
  const vectorStore = new QuernVectorStore(new QuernEmbeddings({ embedder }), { store })
  const search = tool(
    async ({ question }) => {
      const hits = await vectorStore.search(question, { k: 3 })
      return hits.map(([hit]) => `[${placeOf(hit.metadata)}]\n${hit.pageContent}`).join('\n\n')
    },
    {
      name: 'search_library',
      description: 'Finds passages in the library that answer a question, each with its source in brackets.',
      schema: z.object({ question: z.string().describe('What to look for, as a full question') }),
    },
  )
  const systemPrompt =
    'Answer from what search_library finds, and cite its sources in brackets. Say so if it finds nothing.'
  return createAgent({ model, tools: [search], systemPrompt })
}
