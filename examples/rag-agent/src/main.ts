import { openLlamaEmbedder } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import { openJsonStore } from '@quern/store-json'
import { createLibrarian } from './create-librarian.ts'

// The index that `indexer run` made, and any chat model of LangChain; each needs its package, this one @langchain/ollama.
const [question = 'What is in the library?', model = 'ollama:qwen3:4b'] = process.argv.slice(2)
await using embedder = await openLlamaEmbedder({ modelPath: starterModel.path, model: starterModel.name })
await using store = await openJsonStore({ path: '.quern', mode: 'read', space: embedder.space })

const librarian = createLibrarian({ model, store, embedder })
const { messages } = await librarian.invoke({ messages: [{ role: 'user', content: question }] })
console.log(messages.at(-1)?.text)
