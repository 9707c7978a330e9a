import { openLlamaEmbedder } from '../../src/index.ts'

const [modelPath = '', step, hashCacheFolder] = process.argv.slice(2)
const embedder = await openLlamaEmbedder({ modelPath, ...(hashCacheFolder === undefined ? {} : { hashCacheFolder }) })
const dimensions = step === 'open' ? embedder.space.dimensions : (await embedder.embedQuery('the mill')).length
if (step === 'dispose') await embedder[Symbol.asyncDispose]()
console.log(dimensions)
