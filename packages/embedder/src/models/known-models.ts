import { arcticEmbed } from './families/arctic-embed.ts'
import { bge } from './families/bge.ts'
import { e5 } from './families/e5.ts'
import { gte } from './families/gte.ts'
import { singleModels } from './families/single-models.ts'
import type { KnownModel } from './known-model.ts'

/** Well-known embedding models by family, the small ones of each first. `sources` of each says how sure its facts are. */
export const knownModels: readonly KnownModel[] = [...bge, ...singleModels, ...e5, ...arcticEmbed, ...gte]
