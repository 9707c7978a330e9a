import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSpreadSample } from '../src/spread-sample.ts'

test('keeps everything that fits, otherwise every k-th item, never fewer than half of the size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 500 }), (size, count) => {
      const sample = createSpreadSample<number>(size)
      for (let item = 0; item < count; item++) sample.add(item)
      const items = sample.items()
      expect(items.length).toBeLessThanOrEqual(size)
      expect(items.length).toBeGreaterThanOrEqual(count <= size ? count : Math.floor(size / 2))
      const stride = (items[1] ?? 1) - (items[0] ?? 0)
      expect(items).toEqual(items.map((_, index) => index * stride))
    }),
  )
})
