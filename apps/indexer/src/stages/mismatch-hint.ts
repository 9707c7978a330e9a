import { findKnownModel } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'

/** How the model that a store was made with is named on the command line. */
function modelOption(name: string): string {
  const isName = name === starterModel.name || findKnownModel(name) !== undefined
  return isName ? `--model ${name}` : `${name}, by its path: --model <file>`
}

/** What to do where a store holds vectors of another model, of this name, than the configured one. The commands are for the configured model. */
export function mismatchHint(storedModel: string): string {
  return `Use the model of the store (${modelOption(storedModel)}). Or bring the store to the configured model, from its stored texts: indexer reembed. Or keep a store for each: --store-path <new folder>`
}
