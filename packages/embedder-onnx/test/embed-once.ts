import { openOnnxEmbedder } from '../src/index.ts'

const [modelFolder = '', step] = process.argv.slice(2)
const embedder = await openOnnxEmbedder({ modelFolder })
const dimensions = step === 'open' ? embedder.space.dimensions : (await embedder.embedQuery('the mill')).length
console.log(dimensions)
