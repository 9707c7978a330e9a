import { resolve } from 'node:path'
import { starterModel } from '@quern/model-starter'
import { bgeSmallShapePath } from '@quern/test-fixtures'

/** Path of the model that an option names: `starter`, the bundled one; `bge`, seeded weights in the shape of bge-small-en-v1.5; or a file. */
export async function findModel(name: string): Promise<string> {
  if (name === 'starter') return starterModel.path
  return name === 'bge' ? bgeSmallShapePath() : resolve(process.env['INIT_CWD'] ?? '.', name)
}
