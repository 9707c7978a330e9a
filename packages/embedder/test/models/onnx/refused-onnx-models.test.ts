import { rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findOnnxModel } from '../../../src/models/onnx/onnx-model-folder.ts'
import type { Fault } from '../file-server.ts'
import {
  gitHash,
  manners,
  name,
  onnx,
  openOnnxMill,
  putByHand,
  sha256,
  smallRepository,
  wholeRepository,
} from './onnx-mill.ts'

describe('a file with a wrong hash', () => {
  const cases = {
    'SHA-256': [onnx, { linkedSha256: sha256(Buffer.from('something else')) }],
    'git hash': ['tokenizer.json', { etag: `"${gitHash(Buffer.from('something else'))}"` }],
  } as const
  for (const [kind, [path, change]] of Object.entries(cases)) {
    test(`is refused and removed, both hashes are named, and there is no model: ${kind}`, async () => {
      const mill = await openOnnxMill({ changes: { [path]: change } })
      const failure = mill.pull()
      await expect(failure).rejects.toMatchObject({ code: 'MODEL_INVALID' })
      await expect(failure).rejects.toThrow(
        new RegExp(`^${path} of onnx:mill/grain has the wrong checksum: ${kind} [0-9a-f]+ was expected, [0-9a-f]+ was`),
      )
      expect((await mill.files()).filter((file) => file.includes(path))).toEqual([])
      expect(await findOnnxModel(mill.folder, name)).toBeUndefined()
    })
  }

  test('is not seen in a tag of a server that keeps no repositories', async () => {
    const changes = { 'config.json': { etag: `"${gitHash(Buffer.from('anything'))}"` } }
    const mill = await openOnnxMill({ manner: 'plain', changes })
    expect(await mill.pull()).toMatchObject({ downloaded: true })
  })
})

describe('what a server sends in place of a file', () => {
  const page = Buffer.from('<html>Please log in to the hotel network</html>')
  const pointer = Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n')
  const cases: [string, Buffer][] = [
    ['config.json', page],
    ['tokenizer.json', pointer],
    [onnx, page],
    [onnx, pointer],
    [onnx, Buffer.from('{}')],
    [onnx, Buffer.alloc(0)],
  ]
  test.for(cases)('is refused and removed: %s', async ([path, body]) => {
    const mill = await openOnnxMill({ manner: 'plain', changes: { [path]: { body } } })
    const failure = mill.pull()
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_INVALID' })
    await expect(failure).rejects.toThrow(`${path} is not that file`)
    expect((await mill.files()).filter((file) => file.includes(path))).toEqual([])
  })
})

describe('a file that is needed', () => {
  test.for(['config.json', 'tokenizer.json', 'tokenizer_config.json'])(
    'and is not there is an error that names it, the way by hand and what works offline: %s',
    async (missing) => {
      for (const manner of manners) {
        const files = { ...smallRepository }
        delete files[missing]
        const mill = await openOnnxMill({ files, manner })
        const failure = mill.pull()
        await expect(failure).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
        await expect(failure).rejects.toThrow(`${missing} of onnx:mill/grain could not be downloaded`)
        await expect(failure).rejects.toThrow(/once \(the server answered 404 .*: Entry not found\)/)
        const hint = expect.stringContaining(
          `fetch config.json, tokenizer.json, tokenizer_config.json, ${onnx} of ${mill.server.endpoint}/mill/grain elsewhere and put them into ${mill.target}`,
        ) as string
        await expect(failure).rejects.toMatchObject({ hint })
        await expect(failure).rejects.toMatchObject({ hint: expect.stringContaining('--model starter') as string })
        expect(mill.server.requests.filter((line) => line.includes(onnx))).toEqual([])
      }
    },
  )

  test('and is the ONNX file, is asked for before anything is downloaded, and the others are named', async () => {
    const { [onnx]: model = Buffer.alloc(0), ...settings } = smallRepository
    const mill = await openOnnxMill({ files: { ...settings, 'model.onnx': model, 'onnx/model_int8.onnx': model } })
    await expect(mill.pull()).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('onnx:mill/grain has no onnx/model.onnx') as string,
      hint: 'It has model.onnx, onnx/model_int8.onnx. Name one: models pull onnx:mill/grain/model.onnx',
      details: { onnxFiles: ['model.onnx', 'onnx/model_int8.onnx'] },
    })
    expect(mill.server.requests.filter((line) => line.includes('/resolve/'))).toEqual([])
  })

  test('and is the ONNX file, is told of also by a server that cannot name the others', async () => {
    const { [onnx]: model, ...settings } = smallRepository
    expect(model).toBeDefined()
    const plain = await openOnnxMill({ files: settings, manner: 'plain' })
    await expect(plain.pull()).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      hint: expect.stringContaining(`${plain.server.endpoint}/mill/grain`) as string,
    })
    const headless = await openOnnxMill({ files: settings, manner: 'headless' })
    await expect(headless.pull()).rejects.toThrow(`${onnx} of onnx:mill/grain could not be downloaded`)
  })

  test('and is not open to everybody, is final', async () => {
    const changes = { 'config.json': { faults: [{ kind: 'status', status: 401 } as const] } }
    const mill = await openOnnxMill({ changes })
    await expect(mill.pull()).rejects.toThrow(/once \(the server answered 401 .*no such repository, or it is not open/)
    expect(mill.server.requests).toHaveLength(1)
  })
})

test('errors of the server pass, also where a file is not needed', async () => {
  const faults = [503, 429].map((status): Fault => ({ kind: 'status', status }))
  const changes = { 'modules.json': { faults }, [onnx]: { faults } }
  const mill = await openOnnxMill({ files: wholeRepository, changes })
  await mill.pull()
  expect(await mill.contents()).toEqual(wholeRepository)
  const failing = await openOnnxMill({
    files: wholeRepository,
    changes: { 'modules.json': { faults: [...faults, ...faults] } },
  })
  await expect(failing.pull()).rejects.toThrow('modules.json of onnx:mill/grain could not be downloaded')
})

test('without a network the error names the address, the attempts, the reason, the way by hand and what works', async () => {
  const mill = await openOnnxMill()
  await mill.server[Symbol.asyncDispose]()
  const failure = mill.pull()
  await expect(failure).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  await expect(failure).rejects.toThrow(/tried http:\/\/127\.0\.0\.1:\d+\/mill\/grain\/.* 3 times \(.*ECONNREFUSED.*\)/)
  await expect(failure).rejects.toMatchObject({ hint: expect.stringContaining(mill.target) as string })
  await expect(failure).rejects.toMatchObject({ hint: expect.stringContaining('--model starter') as string })
  expect(await mill.files()).toEqual([])
})

describe('a folder that is there', () => {
  test('and lacks a file is refused, and left alone', async () => {
    const mill = await openOnnxMill()
    await putByHand(mill.target, { 'config.json': Buffer.from('{}') })
    const failure = mill.pull()
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_INVALID' })
    await expect(failure).rejects.toThrow(/there is no tokenizer\.json$/)
    expect(await mill.files()).toEqual(['onnx/mill/grain/config.json'])
    expect(mill.server.requests).toEqual([])
  })

  test('and has changed since it was downloaded is refused', async () => {
    for (const change of [writeFile, (path: string) => rm(path)]) {
      const mill = await openOnnxMill()
      await mill.pull()
      await change(join(mill.target, 'tokenizer.json'), '{}')
      const failure = mill.pull()
      await expect(failure).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        hint: `Remove ${mill.target}, then pull again.`,
      })
      await expect(failure).rejects.toThrow('tokenizer.json')
    }
  })

  test('counts as put there by hand when the record of its download is damaged', async () => {
    const mill = await openOnnxMill()
    await mill.pull()
    for (const text of ['{', 'null', '{"version":1}', '{"version":2,"files":[]}', '{"version":1,"files":[{}]}']) {
      await writeFile(join(mill.target, 'quern-download.json'), text)
      expect(await mill.pull()).toMatchObject({ downloaded: false, commit: undefined })
    }
  })
})

test('a folder that cannot be made is an error that names it and the way out', async () => {
  const mill = await openOnnxMill()
  const occupied = join(dirname(dirname(mill.folder)), 'occupied')
  await writeFile(occupied, 'a file')
  const failure = mill.pull({ folder: join(occupied, 'models') })
  await expect(failure).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  await expect(failure).rejects.toThrow(occupied)
  await expect(failure).rejects.toMatchObject({ hint: expect.stringContaining('QUERN_MODELS') as string })
})
