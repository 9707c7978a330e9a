import { QuernError } from '@quern/core'
import type { KnownModel } from './known-model.ts'
import { knownModels } from './known-models.ts'

/** The known model of this name or alias, upper and lower case alike, with or without an owner (`BAAI/bge-m3`); else undefined. */
export function findKnownModel(name: string): KnownModel | undefined {
  const wanted = name.trim().toLowerCase()
  const plain = wanted.slice(wanted.lastIndexOf('/') + 1)
  return knownModels.find((model) =>
    [model.name, ...model.aliases].some((known) => known === wanted || known === plain),
  )
}

/** The known model that a repository on a hub is called after (`Xenova/bge-m3`), upper and lower case alike; else undefined. */
export function findKnownRepository(repository: string): KnownModel | undefined {
  const name = repository.slice(repository.lastIndexOf('/') + 1).toLowerCase()
  // An alias is too short a name: other models of the family have it as well.
  return knownModels.find((model) => model.name === name)
}

/** The error for a name that is none of a known model. `details.known` lists those that are, for a "did you mean". */
export function unknownModel(name: string): QuernError {
  const known = knownModels.flatMap(({ name: own, aliases }) => [own].concat(aliases))
  return new QuernError('MODEL_NOT_FOUND', `${name} is not the name of a known model`, {
    hint: 'Take one of: models list; or give the path of any embedding model in GGUF format: --model <path.gguf>.',
    details: { name, known },
  })
}
