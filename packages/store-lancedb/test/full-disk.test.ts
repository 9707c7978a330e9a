import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mountSmallDisk } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openLanceStore } from '../src/index.ts'
import { collect, pictureOf, pictureOfSources, sampleSources, sourceOf, space } from './sample-store.ts'

const mebibytes = 8

/** Whether a disk can be mounted, and if not, why: then the test is skipped and its title says so. */
const trial = await mountSmallDisk(1)
const reason = 'reason' in trial ? trial.reason : undefined
if (!('reason' in trial)) await trial[Symbol.asyncDispose]()
const note = reason === undefined ? '' : ` (skipped: ${reason})`

/** Sources with texts that do not compress well, some 4 MB together. */
const large = Array.from({ length: 100 }, (_, i) =>
  sourceOf(
    `large/${i}.md`,
    Array.from({ length: 10 }, (__, chunk) =>
      Array.from({ length: 500 }, (___, word) =>
        ((i * 7919 + chunk * 104_729 + word * 1_299_709) % 2 ** 31).toString(36),
      ).join(' '),
    ),
  ),
)

test.skipIf(reason !== undefined)(
  `a commit on a full disk says so, and what was committed before is safe${note}`,
  async () => {
    const disk = await mountSmallDisk(mebibytes)
    await using mounted = disk as Exclude<typeof disk, { reason: string }>
    const uri = join(mounted.path, 'store')
    const small = sampleSources(0, 8)
    await using store = await openLanceStore({ uri, mode: 'write', space, wordIndex: 'never' })
    await store.commit({ put: small })
    await writeFile(join(mounted.path, 'filler'), Buffer.alloc((mebibytes - 1) * 2 ** 20))

    await expect(store.commit({ put: large })).rejects.toMatchObject({
      code: 'STORE_WRITE_FAILED',
      message: expect.stringContaining('no space is left'),
    })
    expect(await pictureOf(store)).toEqual(pictureOfSources(small))
    {
      await using reader = await openLanceStore({ uri, mode: 'read' })
      expect(await pictureOf(reader)).toEqual(pictureOfSources(small))
      expect(await collect(reader.verify())).toEqual([])
    }
    await writeFile(join(mounted.path, 'filler'), '')
    await store.commit({ put: large })
    expect(await pictureOf(store)).toEqual(pictureOfSources([...small, ...large]))
  },
)
