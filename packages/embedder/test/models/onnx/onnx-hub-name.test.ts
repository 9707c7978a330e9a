import { mkdir, writeFile } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeOnnxModel } from '../../../src/models/onnx/describe-onnx-model.ts'
import { formatOnnxHubName, parseOnnxHubName } from '../../../src/models/onnx/onnx-hub-name.ts'
import type { OnnxHubName } from '../../../src/models/onnx/onnx-hub-name.ts'
import { findOnnxModel, listOnnxModels, onnxModelFolderIn } from '../../../src/models/onnx/onnx-model-folder.ts'

const part = fc.stringMatching(/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,8}[A-Za-z0-9_])?$/)
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })
const names: fc.Arbitrary<OnnxHubName> = fc.record({
  repository: fc.tuple(part, part).map((parts) => parts.join('/')),
  revision: optional(part),
  file: optional(fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join('/')}.onnx`)),
})
const isUsual = ({ file }: OnnxHubName): boolean => file === 'onnx/model.onnx'

describe('the name of a model on a hub', () => {
  test('has a repository, and perhaps a revision and a file', () => {
    const repository = 'Xenova/bge-small-en-v1.5'
    const nothing = { revision: undefined, file: undefined }
    expect(parseOnnxHubName(repository)).toEqual({ repository, ...nothing })
    expect(parseOnnxHubName(`${repository}@v1.0`)).toEqual({ repository, ...nothing, revision: 'v1.0' })
    const file = 'onnx/model_int8.onnx'
    expect(parseOnnxHubName(`${repository}/${file}`)).toEqual({ repository, ...nothing, file })
    expect(parseOnnxHubName(`${repository}@main/${file}`)).toEqual({ repository, revision: 'main', file })
    expect(parseOnnxHubName(`${repository}/onnx/model.onnx`)).toEqual({ repository, ...nothing })
  })

  test('is read back as it was written', () => {
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(!isUsual(name))
        expect(parseOnnxHubName(formatOnnxHubName(name))).toEqual(name)
      }),
    )
  })

  test('is not what leads elsewhere, or is a path of another kind', () => {
    const texts = [
      '',
      'bge',
      '/a/b',
      './a/b',
      '../b',
      'a/..',
      'a/../b',
      'a/b/..',
      'a/b/c',
      'a/b/',
      'a//b',
      'a/b@',
      '~/b',
    ]
    const more = ['a/b@../c', 'a/b@c/../d.onnx', 'a\\b', 'C:\\a', 'a/b+c', 'a/b c', 'a/b.', 'a/b/.onnx', 'a/b\n', 'a/ü']
    for (const text of [...texts, ...more]) expect(parseOnnxHubName(text)).toBeUndefined()
  })
})

describe('the folder of a model', () => {
  test('lies in the folder for models, and is that of no other model', () => {
    fc.assert(
      fc.property(names, names, (one, other) => {
        const root = join('/', 'models')
        const [first, second] = [onnxModelFolderIn(root, one), onnxModelFolderIn(root, other)]
        const inside = relative(join(root, 'onnx'), first)
        expect([isAbsolute(inside), inside.split(/[/\\]/).length, inside.includes('..')]).toEqual([
          false,
          2,
          formatOnnxHubName(one).includes('..'),
        ])
        expect(first === second).toBe(formatOnnxHubName(one) === formatOnnxHubName(other))
      }),
    )
  })

  test('is listed under its name; downloads under way, files and what has no such name are not', async () => {
    await using temporary = await temporaryFolder()
    expect(await listOnnxModels(temporary.path)).toEqual([])
    const entries = ['a', 'b@v1', 'b@v1+onnx+model_int8.onnx', 'c+x.onnx']
    const others = ['a+part', 'b@v1+x.onnx+part', '.x', 'd+onnx+model.onnx']
    for (const entry of [...entries, ...others]) {
      await mkdir(join(temporary.path, 'onnx', 'mill', entry), { recursive: true })
    }
    await writeFile(join(temporary.path, 'onnx', 'mill', 'file'), '')
    await writeFile(join(temporary.path, 'onnx', 'file'), '')
    const listed = await listOnnxModels(temporary.path)
    expect(listed.map(({ name }) => formatOnnxHubName(name))).toEqual([
      'mill/a',
      'mill/b@v1',
      'mill/b@v1/onnx/model_int8.onnx',
      'mill/c/x.onnx',
    ])
    for (const { name, path } of listed) expect(await findOnnxModel(temporary.path, name)).toEqual({ name, path })
  })
})

test('a folder shows its size, and its dimensions where it has any', async () => {
  await using temporary = await temporaryFolder()
  const { path } = temporary
  const name = { repository: 'mill/grain', revision: undefined, file: undefined }
  await mkdir(join(path, 'onnx'))
  await writeFile(join(path, 'onnx', 'model.onnx'), Buffer.alloc(1000))
  const cases = [
    ['{"hidden_size":384}', 384],
    ['{', undefined],
    ['null', undefined],
    ['{"hidden_size":"x"}', undefined],
  ] as const
  for (const [config, dimensions] of cases) {
    await writeFile(join(path, 'config.json'), config)
    expect(await describeOnnxModel({ name, path })).toEqual({
      bytes: 1000 + config.length,
      commit: undefined,
      dimensions,
    })
  }
})
