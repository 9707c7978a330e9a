import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createBertGraph, encodeOnnx, runNode } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { tinyModelFolder, tinyShape } from './write-tiny-model.ts'

const packageFolder = join(import.meta.dirname, '..')

test('the example of the README runs and prints what it says', async () => {
  const readme = await readFile(join(packageFolder, 'README.md'), 'utf8')
  const [, example = ''] = /```ts\n([^`]*)```/.exec(readme) ?? []
  const [, printed = ''] = /console\.log\(.*\) \/\/ (.*)/.exec(example) ?? []
  const hidden = Number(printed)
  const modelFolder = await tinyModelFolder({
    'config.json': { model_type: 'bert', hidden_size: hidden, max_position_embeddings: tinyShape.context },
    'model.onnx': encodeOnnx(createBertGraph({ ...tinyShape, hidden })),
  })
  const runnable = example.replace("'models/bge-small-en-v1.5'", JSON.stringify(modelFolder))
  const { stdout, stderr } = await runNode(['--input-type=module-typescript', '--eval', runnable], {
    cwd: packageFolder,
  })
  expect({ stdout, stderr }).toEqual({ stdout: `${printed}\n${printed}\n`, stderr: '' })
})
