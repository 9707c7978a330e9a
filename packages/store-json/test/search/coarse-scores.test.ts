import { expect, test } from 'vitest'
import { createCoarseScores } from '../../src/search/coarse-scores.ts'
import { createPace } from '../../src/search/pace.ts'
import { rankByVector } from '../../src/search/rank-by-vector.ts'
import { createPicture } from '../../src/search/search-picture.ts'
import { createVectorScores } from '../../src/search/vector-scores.ts'
import { loadedPicture } from './loaded-picture.ts'

const dimensions = 40
const chunks = Array.from({ length: 4000 }, (_, index) => ({
  id: `chunk ${index}`,
  vector: Float32Array.from({ length: dimensions }, (__, i) => Math.sin((i + 1) * ((index % 997) + 1) * 12.9898)),
}))
const query = Float32Array.from({ length: dimensions }, (_, i) => Math.cos(i * i))

function nothing(): void {}

test('the first search in a picture has no codes, the second has, and both rank alike', async () => {
  const { memory, picture } = loadedPicture(chunks, { dimensions })
  const coarse = createCoarseScores(memory)
  const pace = createPace(nothing)
  const scores = createVectorScores(memory, query, pace)
  const ranking = { picture, extents: picture.extents, limit: 20, pace }
  expect(await coarse.scores(picture, query, pace)).toBeUndefined()
  const near = await coarse.scores(picture, query, pace)
  expect(near).toBeDefined()
  expect(await rankByVector(scores, ranking, near)).toEqual(await rankByVector(scores, ranking))
})

test('rows that come in later are coded when they are searched', async () => {
  const { memory, picture: whole } = loadedPicture(chunks, { dimensions })
  const coarse = createCoarseScores(memory)
  const pace = createPace(nothing)
  const scores = createVectorScores(memory, query, pace)
  const contents = whole.sources.map(({ content }) => content)
  for (const picture of [createPicture(contents.slice(0, 100)), whole, createPicture(contents.slice(50))]) {
    const ranking = { picture, extents: picture.extents, limit: 20, pace }
    await coarse.scores(picture, query, pace)
    const near = await coarse.scores(picture, query, pace)
    expect(near).toBeDefined()
    expect(await rankByVector(scores, ranking, near)).toEqual(await rankByVector(scores, ranking))
  }
})

test('a search that is ended while codes are made leaves none that are half', async () => {
  const { memory, picture } = loadedPicture(chunks, { dimensions })
  const coarse = createCoarseScores(memory)
  await coarse.scores(picture, query, createPace(nothing))
  const ended = new Error('ended')
  const impatient = { due: () => true, rest: () => Promise.reject(ended) }
  await expect(coarse.scores(picture, query, impatient)).rejects.toBe(ended)
  const pace = createPace(nothing)
  const scores = createVectorScores(memory, query, pace)
  const ranking = { picture, extents: picture.extents, limit: 20, pace }
  const near = await coarse.scores(picture, query, pace)
  expect(await rankByVector(scores, ranking, near)).toEqual(await rankByVector(scores, ranking))
})
