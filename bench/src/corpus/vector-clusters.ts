import { addNormals, createRandomStream, drawNormal } from './random-stream.ts'

/** Numbers in a generated vector, as many as small English models give. */
export const dimensions = 384

const topicCount = 400

const latentDimensions = 64

/**
 * Shares of the squared length. Of the same document, two vectors have the first three in common, of the same topic two, any two the
 * first: so cosines are about 0.83, 0.55 and 0.30, as small English models give them.
 */
const shares = { common: 0.3, topic: 0.25, document: 0.28, chunk: 0.12, noise: 0.05 }

/** Vectors in clusters, as texts in topics and documents give them; the same on every machine. */
export interface VectorClusters {
  /** Topic of a document, from 0. */
  topicOf(document: number): number
  /** What the vectors of a document have in common. */
  centreOf(document: number): Float64Array
  /** A vector of unit length in the cluster around a centre. */
  vectorNear(centre: Float64Array, random: () => number): Float32Array
}

/** Maps from few dimensions to all: real embeddings, too, use up few of theirs. */
function createProjection(): Float64Array {
  const random = createRandomStream(2)
  const scale = 1 / Math.sqrt(latentDimensions * dimensions)
  return Float64Array.from({ length: latentDimensions * dimensions }, () => drawNormal(random) * scale)
}

function addLatent(target: Float64Array, projection: Float64Array, random: () => number, share: number): void {
  const weight = Math.sqrt(share)
  for (let row = 0; row < projection.length; row += dimensions) {
    const factor = weight * drawNormal(random)
    for (let i = 0; i < dimensions; i++) target[i] = (target[i] as number) + factor * (projection[row + i] as number)
  }
}

function addNoise(target: Float64Array, random: () => number, share: number): void {
  addNormals(target, random, Math.sqrt(share / dimensions))
}

function toUnitLength(vector: Float64Array): Float32Array {
  let squares = 0
  for (let i = 0; i < dimensions; i++) squares += (vector[i] as number) ** 2
  const scale = 1 / Math.sqrt(squares)
  const unit = new Float32Array(dimensions)
  for (let i = 0; i < dimensions; i++) unit[i] = (vector[i] as number) * scale
  return unit
}

/** Prepares the topics, 400 of them. */
export function createVectorClusters(): VectorClusters {
  const projection = createProjection()
  const common = new Float64Array(dimensions)
  addNoise(common, createRandomStream(3), shares.common)
  const topics = Array.from({ length: topicCount }, (_, topic) => {
    const centre = common.slice()
    addLatent(centre, projection, createRandomStream(4, topic), shares.topic)
    return centre
  })
  const scratch = new Float64Array(dimensions)
  const topicOf = (document: number): number => Math.floor(createRandomStream(5, document)() * topicCount)
  return {
    topicOf,
    centreOf(document) {
      const centre = (topics[topicOf(document)] as Float64Array).slice()
      addLatent(centre, projection, createRandomStream(6, document), shares.document)
      return centre
    },
    vectorNear(centre, random) {
      scratch.set(centre)
      addLatent(scratch, projection, random, shares.chunk)
      addNoise(scratch, random, shares.noise)
      return toUnitLength(scratch)
    },
  }
}
