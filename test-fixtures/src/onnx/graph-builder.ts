import type { OnnxNode, OnnxTensor } from './encode-onnx.ts'

/** A graph to be. Names of tensors and operations are what other operations take as their inputs. */
export interface GraphBuilder {
  readonly nodes: readonly OnnxNode[]
  readonly tensors: readonly OnnxTensor[]
  /** Random numbers in [−scale, scale). */
  readonly random: (size: number, scale: number) => Float32Array
  /** Adds a tensor of the model and returns its name. */
  readonly tensor: (name: string, shape: readonly number[], values: OnnxTensor['values']) => string
  /** Adds an operation and returns the name of its output. */
  readonly node: (operator: string, inputs: readonly string[], settings?: NodeSettings) => string
  /** Adds a product with a random matrix plus a random vector, and returns its name. */
  readonly linear: (name: string, input: string, size: MatrixSize) => string
  /** Adds a normalisation over the last axis and returns its name. */
  readonly norm: (name: string, input: string, size: number) => string
}

/** What the numbers of a graph are. */
export interface BuilderOptions {
  readonly seed: number
  /** Matrix products in 8-bit integers, with scales taken from the input as it comes, as quantised models have them. */
  readonly quantized: boolean
}

type NodeSettings = Pick<OnnxNode, 'integers' | 'floats'>
type MatrixSize = readonly [rows: number, columns: number]

/** A generator of numbers in [−1, 1), the same on every machine (mulberry32). */
function createSeededNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1
  }
}

/** A builder of an empty graph. */
export function createGraphBuilder({ seed, quantized }: BuilderOptions): GraphBuilder {
  const next = createSeededNumbers(seed)
  const nodes: OnnxNode[] = []
  const tensors: OnnxTensor[] = []
  const random = (size: number, scale: number): Float32Array =>
    Float32Array.from({ length: size }, () => next() * scale)
  const tensor = (name: string, shape: readonly number[], values: OnnxTensor['values']): string => {
    tensors.push({ name, shape, values })
    return name
  }
  const node = (operator: string, inputs: readonly string[], settings: NodeSettings = {}): string => {
    const output = `${operator}_${nodes.length}`
    nodes.push({ operator, inputs, outputs: [output], ...settings })
    return output
  }
  const multiply = (name: string, input: string, size: MatrixSize): string =>
    node('MatMul', [input, tensor(name, size, random(size[0] * size[1], 1 / Math.sqrt(size[0])))])
  const multiplyQuantized = (name: string, input: string, size: MatrixSize): string => {
    const scale = 1 / Math.sqrt(size[0]) / 127
    const codes = Int8Array.from(random(size[0] * size[1], 127), Math.round)
    const output = `quantized_${nodes.length}`
    const outputs = [output, `${output}_scale`, `${output}_zero`]
    nodes.push({ operator: 'DynamicQuantizeLinear', inputs: [input], outputs })
    const zero = tensor(`${name}.zero`, [], new Int8Array([0]))
    const product = node('MatMulInteger', [output, tensor(name, size, codes), `${output}_zero`, zero])
    const factor = node('Mul', [`${output}_scale`, tensor(`${name}.scale`, [], new Float32Array([scale]))])
    return node('Mul', [node('Cast', [product], { integers: { to: 1 } }), factor])
  }
  return {
    nodes,
    tensors,
    random,
    tensor,
    node,
    linear: (name, input, size) => {
      const product = (quantized ? multiplyQuantized : multiply)(`${name}.weight`, input, size)
      return node('Add', [product, tensor(`${name}.bias`, [size[1]], random(size[1], 0.1))])
    },
    norm: (name, input, size) => {
      const weight = tensor(`${name}.weight`, [size], new Float32Array(size).fill(1))
      const bias = tensor(`${name}.bias`, [size], new Float32Array(size))
      return node('LayerNormalization', [input, weight, bias], { integers: { axis: -1 }, floats: { epsilon: 1e-12 } })
    },
  }
}
