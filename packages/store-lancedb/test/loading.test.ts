import { fileURLToPath } from 'node:url'
import { runNode } from '@quern/test-fixtures'
import { expect, test } from 'vitest'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

test('the import of the package loads neither LanceDB nor Arrow', async () => {
  const code = `
    import { registerHooks } from 'node:module'
    registerHooks({
      load(url, context, next) {
        if (/@lancedb|apache-arrow/.test(url)) throw new Error('loaded: ' + url)
        return next(url, context)
      },
    })
    const { openLanceStore, placeGuarantees } = await import('./src/index.ts')
    console.log(placeGuarantees({ uri: 'folder' }).writers)
    try {
      await openLanceStore({ uri: './nothing-here', mode: 'write', space: { model: 'm', dimensions: 2, fingerprint: 'f' } })
    } catch (error) {
      console.log(String(error.cause?.message ?? error.message).slice(0, 7))
    }
  `
  const { stdout, stderr } = await runNode(['--input-type=module', '--eval', code], { cwd: packageFolder })
  expect(stderr).toBe('')
  expect(stdout.split('\n').slice(0, 2)).toEqual(['lock', 'loaded:'])
})
