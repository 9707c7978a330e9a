import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PullProgress } from '../../../src/models/download-file.ts'
import { findOnnxModel, listOnnxModels } from '../../../src/models/onnx/onnx-model-folder.ts'
import type { Fault } from '../file-server.ts'
import {
  commit,
  fakeOnnx,
  manners,
  name,
  onnx,
  openOnnxMill,
  putByHand,
  serveHub,
  sha256,
  smallRepository,
  wholeRepository,
} from './onnx-mill.ts'

describe('a model', () => {
  test.for(manners)('is downloaded with all that belongs to it from a server of kind %s', async (manner) => {
    const files = { ...wholeRepository }
    // How many parts the weights have, a server without HEAD does not tell.
    if (manner === 'headless') delete files['onnx/model.onnx_data_1']
    const repository = { ...files, 'README.md': Buffer.from('#'), 'onnx/model_fp16.onnx': fakeOnnx('half') }
    const mill = await openOnnxMill({ files: repository, manner })
    const pulled = await mill.pull()
    expect(await mill.contents()).toEqual(files)
    expect(pulled).toMatchObject({ name, path: mill.target, downloaded: true })
    expect(pulled.commit).toBe(manner === 'hub' ? commit : undefined)
    expect(Object.fromEntries(pulled.files.map((file) => [file.path, file.sha256]))).toEqual(
      Object.fromEntries(Object.entries(files).map(([path, content]) => [path, sha256(content)])),
    )
    const expected = manner === 'hub' ? 'announced' : 'nothing'
    expect(new Set(pulled.files.map(({ checkedAgainst }) => checkedAgainst))).toEqual(new Set([expected]))
    expect(await readdir(dirname(mill.target))).toEqual(['grain'])
  })

  test.for(manners)('may lack what is not needed, at a server of kind %s', async (manner) => {
    const mill = await openOnnxMill({ manner })
    await mill.pull()
    expect(await mill.contents()).toEqual(smallRepository)
    expect(await readdir(mill.target)).not.toContain('1_Pooling')
  })

  test('is of one commit, though the branch may move', async () => {
    const mill = await openOnnxMill()
    await mill.pull()
    const revisions = mill.server.requests.map((line) => /\/resolve\/([^/]+)\//.exec(line)?.[1])
    expect(revisions.filter((revision) => revision !== commit)).toEqual([])
  })

  test('has a folder of its own for each revision and ONNX file', async () => {
    const half = fakeOnnx('half')
    const mill = await openOnnxMill({ files: { ...smallRepository, 'onnx/model_fp16.onnx': half } })
    await mill.pull()
    const file = 'onnx/model_fp16.onnx'
    const other = await mill.pull({ name: { ...name, revision: commit, file } })
    expect(other.path).toBe(join(mill.folder, 'onnx', 'mill', `grain@${commit}+onnx+model_fp16.onnx`))
    expect(other.files.map(({ path }) => path)).toContain(file)
    expect(other.files.map(({ path }) => path)).not.toContain(onnx)
    const listed = await listOnnxModels(mill.folder)
    expect(listed.map(({ path }) => path)).toEqual([mill.target, other.path])
  })

  test('that is there is not downloaded again, and nobody is asked', async () => {
    const mill = await openOnnxMill()
    const first = await mill.pull()
    await mill.server[Symbol.asyncDispose]()
    const { files, downloaded, ...again } = await mill.pull()
    expect(downloaded).toBe(false)
    expect(first).toMatchObject(again)
    expect(files.map(({ path, sha256: hash }) => [path, hash])).toEqual(
      first.files.map(({ path, sha256: hash }) => [path, hash]),
    )
    expect(new Set(files.map(({ checkedAgainst }) => checkedAgainst))).toEqual(new Set(['given']))
  })

  test('that was put there by hand is found without a network', async () => {
    const mill = await openOnnxMill()
    await mill.server[Symbol.asyncDispose]()
    await putByHand(mill.target, smallRepository)
    const pulled = await mill.pull()
    expect(pulled).toMatchObject({ downloaded: false, commit: undefined })
    expect(pulled.files.map(({ path }) => path).toSorted()).toEqual(Object.keys(smallRepository).toSorted())
  })

  test('is announced once before its bytes come, and never where there is nothing to download', async () => {
    const mill = await openOnnxMill()
    const announced: unknown[] = []
    const onStart = (download: unknown): void => {
      announced.push(download, mill.server.requests.length)
    }
    await mill.pull({ onStart })
    await mill.pull({ onStart })
    const sizes = Object.values(smallRepository).map(({ length }) => length)
    const bytes = sizes.reduce((sum, length) => sum + length, 0)
    expect(announced).toEqual([{ url: `${mill.server.endpoint}/mill/grain`, commit, files: 4, bytes }, 0])
  })

  test('shows progress over all files, which ends at their size', async () => {
    const mill = await openOnnxMill({ changes: { [onnx]: { faults: [{ kind: 'disconnect', after: 90_000 }] } } })
    const seen: PullProgress[] = []
    const { bytes } = await mill.pull({ onProgress: (progress) => seen.push(progress) })
    expect(seen.map((progress) => progress.bytes)).toEqual(
      seen.map((progress) => progress.bytes).toSorted((a, b) => a - b),
    )
    expect(new Set(seen.map(({ totalBytes }) => totalBytes))).toEqual(new Set([bytes]))
    expect(seen.at(-1)).toEqual({ bytes, totalBytes: bytes })
  })
})

describe('a download', () => {
  test('arrives whole wherever connections break, and never shows half a model', async () => {
    const paths = Object.keys(smallRepository)
    const breaks = fc.array(fc.tuple(fc.constantFrom(...paths), fc.integer({ min: 1, max: 60_000 })), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(breaks, fc.constantFrom(...manners), async (found, manner) => {
        const faultsOf = (path: string): Fault[] =>
          found.filter(([broken]) => broken === path).map(([, after]) => ({ kind: 'disconnect', after }))
        const changes = Object.fromEntries(paths.map((path) => [path, { faults: faultsOf(path) }]))
        const mill = await openOnnxMill({ manner, changes })
        const shown = new Set<boolean>()
        const onProgress = (): void => void shown.add(existsSync(mill.target))
        await mill.pull({ attempts: 7, onProgress })
        expect(shown).toEqual(new Set([false]))
        expect(await mill.contents()).toEqual(smallRepository)
      }),
      { numRuns: 12 },
    )
  })

  test('that was given up is taken up by the next call: files that are whole stay, the others go on', async () => {
    const mill = await openOnnxMill({ changes: { [onnx]: { faults: [{ kind: 'disconnect', after: 50_000 }] } } })
    await expect(mill.pull({ attempts: 1 })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    expect(await findOnnxModel(mill.folder, name)).toBeUndefined()
    expect(await listOnnxModels(mill.folder)).toEqual([])
    const before = mill.server.requests.length
    await mill.pull()
    const later = mill.server.requests.slice(before)
    expect(later).toHaveLength(1)
    expect(later[0]).toMatch(/model\.onnx.* bytes=[1-9]\d*-/)
    expect(await mill.contents()).toEqual(smallRepository)
  })

  test.for(manners)('never mixes two versions of a model, at a server of kind %s', async (manner) => {
    const changes = { [onnx]: { faults: [{ kind: 'disconnect', after: 50_000 } as const] } }
    const mill = await openOnnxMill({ manner, changes, files: wholeRepository })
    await expect(mill.pull({ attempts: 1 })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    const next = {
      'config.json': Buffer.from('{"hidden_size":64}'),
      'tokenizer.json': Buffer.from('{"model":{"new":true}}'),
      'tokenizer_config.json': Buffer.from('{"new":true}'),
      [onnx]: fakeOnnx('two'),
    }
    mill.server.serve(serveHub({ manner, files: next }))
    await mill.pull()
    expect(await mill.contents()).toEqual(next)
  })

  test('waits for a slow server as long as bytes arrive, and asks a silent one again', async () => {
    const slow = { faults: [{ kind: 'slow', piece: 30_000, pause: 60 } as const] }
    const silent = { faults: [{ kind: 'stall', after: 70_000 } as const] }
    for (const change of [slow, silent]) {
      const mill = await openOnnxMill({ changes: { [onnx]: change } })
      await mill.pull({ stallTimeout: 400, attempts: 2 })
      expect(await mill.contents()).toEqual(smallRepository)
    }
  })

  test('that is aborted rejects with the reason, keeps what has arrived, and leaves no lock', async () => {
    const changes = { [onnx]: { faults: [{ kind: 'slow', piece: 10_000, pause: 20 } as const] } }
    const mill = await openOnnxMill({ changes })
    const controller = new AbortController()
    const reason = new Error('enough')
    const onProgress = ({ bytes }: PullProgress): void => {
      if (bytes > 60_000) controller.abort(reason)
    }
    await expect(mill.pull({ signal: controller.signal, onProgress })).rejects.toBe(reason)
    expect(await readdir(dirname(mill.target))).toEqual(['grain+part'])
    await mill.pull()
    expect(await mill.contents()).toEqual(smallRepository)
  })

  test('that ends anywhere leaves nothing that would pass for a model, and is taken up by the next call', async () => {
    const sizes = Object.values(smallRepository).map(({ length }) => length)
    const most = sizes.reduce((sum, length) => sum + length, 0)
    const reason = new Error('enough')
    await fc.assert(
      fc.asyncProperty(fc.nat(most - 1), fc.constantFrom(...manners), async (end, manner) => {
        const changes = { [onnx]: { faults: [{ kind: 'slow', piece: 20_000, pause: 1 } as const] } }
        const mill = await openOnnxMill({ manner, changes })
        const controller = new AbortController()
        const onProgress = ({ bytes }: PullProgress): void => {
          if (bytes >= end) controller.abort(reason)
        }
        await expect(mill.pull({ signal: controller.signal, onProgress })).rejects.toBe(reason)
        expect(await findOnnxModel(mill.folder, name)).toBeUndefined()
        await mill.pull()
        expect(await mill.contents()).toEqual(smallRepository)
      }),
      { numRuns: 12 },
    )
  })

  test('by two calls at once is done by one, and the other is told of it without options that it lacks', async () => {
    const changes = { [onnx]: { faults: [{ kind: 'slow', piece: 30_000, pause: 20 } as const] } }
    const mill = await openOnnxMill({ changes })
    const outcomes = await Promise.allSettled([mill.pull(), mill.pull()])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        code: 'STORE_BUSY',
        message: expect.stringContaining('onnx:mill/grain is being downloaded already') as string,
        hint: expect.not.stringContaining('--wait') as string,
      },
    })
    expect(await mill.contents()).toEqual(smallRepository)
  })
})
