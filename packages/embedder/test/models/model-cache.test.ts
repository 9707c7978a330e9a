import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { findKnownModel } from '../../src/models/find-known-model.ts'
import { modelFileSize, modelFolder, modelPathIn } from '../../src/models/model-cache.ts'
import { modelFileName, modelUrl } from '../../src/models/model-uri.ts'

const unix = { homeFolder: '/home/miller', workingFolder: '/work' }
const windows = { homeFolder: 'C:\\Users\\miller', workingFolder: 'C:\\work', platform: 'win32' }

describe('the folder for models', () => {
  test('is QUERN_MODELS where that is set, from the working folder if relative', () => {
    const env = { QUERN_MODELS: '/models', XDG_CACHE_HOME: '/cache' }
    expect(modelFolder({ ...unix, env, platform: 'linux' })).toBe('/models')
    expect(modelFolder({ ...unix, env: { QUERN_MODELS: 'models' }, platform: 'darwin' })).toBe('/work/models')
    expect(modelFolder({ ...windows, env: { QUERN_MODELS: 'models' } })).toBe('C:\\work\\models')
  })

  test('is in XDG_CACHE_HOME, unless that is relative or empty', () => {
    const platform = 'linux'
    expect(modelFolder({ ...unix, env: { XDG_CACHE_HOME: '/cache' }, platform })).toBe('/cache/quern/models')
    for (const XDG_CACHE_HOME of ['', 'cache', './cache']) {
      const folder = modelFolder({ ...unix, env: { XDG_CACHE_HOME, QUERN_MODELS: '' }, platform })
      expect(folder).toBe('/home/miller/.cache/quern/models')
    }
  })

  test('is where each system keeps what can be fetched again', () => {
    expect(modelFolder({ ...unix, env: {}, platform: 'freebsd' })).toBe('/home/miller/.cache/quern/models')
    expect(modelFolder({ ...unix, env: {}, platform: 'darwin' })).toBe('/home/miller/Library/Caches/quern/models')
    expect(modelFolder({ ...windows, env: {} })).toBe('C:\\Users\\miller\\AppData\\Local\\quern\\models')
    expect(modelFolder({ ...windows, env: { LOCALAPPDATA: 'D:\\Local' } })).toBe('D:\\Local\\quern\\models')
  })
})

test('a file has a size, a folder and nothing have none', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'a.gguf'), 'grain')
  await mkdir(join(folder.path, 'b.gguf'))
  expect(await modelFileSize(join(folder.path, 'a.gguf'))).toBe(5)
  expect(await modelFileSize(join(folder.path, 'b.gguf'))).toBeUndefined()
  expect(await modelFileSize(join(folder.path, 'c.gguf'))).toBeUndefined()
})

test('a known model lies under the name of its file', () => {
  const model = findKnownModel('bge-small')
  expect(model && modelPathIn('/models', model)).toBe(join('/models', 'bge-small-en-v1.5-q8_0.gguf'))
})

describe('a model URI', () => {
  test('leads to Hugging Face or a mirror of it', () => {
    expect(modelUrl('hf:o/r/a b.gguf', 'http://mirror/')).toBe(
      'http://mirror/o/r/resolve/main/a%20b.gguf?download=true',
    )
    expect(modelUrl('hf:o/r/sub/m.gguf#v1', 'http://mirror')).toBe(
      'http://mirror/o/r/resolve/v1/sub/m.gguf?download=true',
    )
    expect(modelUrl('https://mill.example/m.gguf', 'http://mirror')).toBe('https://mill.example/m.gguf')
    expect(new URL(modelUrl('hf:o/r/m.gguf')).protocol).toBe('https:')
  })

  test('is refused when it names no file', () => {
    for (const uri of ['', 'hf:', 'hf:o/r', 'hf:o//m.gguf', 'ftp://mill/m.gguf', '/models/m.gguf', 'm.gguf']) {
      expect(() => modelUrl(uri)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }) as Error)
    }
  })

  test('gives its file a plain name, or is refused', () => {
    expect(modelFileName('hf:o/r/sub/model.Q8_0.GGUF')).toBe('model.Q8_0.GGUF')
    expect(modelFileName('https://mill.example/x/m.gguf?token=1')).toBe('m.gguf')
    for (const uri of ['hf:o/r/.gguf', 'hf:o/r/m.bin', 'https://mill.example/', 'https://mill.example/..%2Fm.gguf']) {
      expect(() => modelFileName(uri)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }) as Error)
    }
  })
})
