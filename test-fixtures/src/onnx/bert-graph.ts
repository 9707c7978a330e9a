import type { OnnxGraph, OnnxNode, OnnxValue } from './encode-onnx.ts'
import { createGraphBuilder } from './graph-builder.ts'
import type { BuilderOptions, GraphBuilder } from './graph-builder.ts'

/** Sizes of a BERT model, and what its numbers are. */
export interface BertShape extends BuilderOptions {
  readonly vocabulary: number
  readonly layers: number
  readonly hidden: number
  readonly heads: number
  readonly feedForward: number
  readonly context: number
}

function addEmbeddings(builder: GraphBuilder, { vocabulary, context, hidden }: BertShape): string {
  const { tensor, node, random, norm } = builder
  const length = node('Gather', [node('Shape', ['input_ids']), tensor('one', [1], new BigInt64Array([1n]))])
  const positions = tensor('positions', [1, context, hidden], random(context * hidden, 0.3))
  const zero = tensor('zero', [1], new BigInt64Array([0n]))
  const position = node('Slice', [positions, zero, length, 'one'])
  const token = node('Gather', [tensor('tokens', [vocabulary, hidden], random(vocabulary * hidden, 1)), 'input_ids'])
  const type = node('Gather', [tensor('types', [2, hidden], random(2 * hidden, 0.3)), 'token_type_ids'])
  return norm('embeddings', node('Add', [node('Add', [token, type]), position]), hidden)
}

/** Zero where there is a token, a large negative number where there is padding. */
function addMaskBias({ tensor, node }: GraphBuilder): string {
  const mask = node('Cast', ['attention_mask'], { integers: { to: 1 } })
  const missing = node('Sub', [tensor('whole', [], new Float32Array([1])), mask])
  const bias = node('Mul', [missing, tensor('never', [], new Float32Array([-3e38]))])
  return node('Unsqueeze', [bias, tensor('middle', [2], new BigInt64Array([1n, 2n]))])
}

interface Layer {
  readonly name: string
  readonly input: string
  /** Name of what `addMaskBias` added. */
  readonly bias: string
}

function addAttention(builder: GraphBuilder, { name, input, bias }: Layer, { hidden, heads }: BertShape): string {
  const { tensor, node, linear } = builder
  const headSize = hidden / heads
  const part = (what: string, order: readonly number[]): string => {
    const split = tensor(`${name}.${what}.split`, [4], BigInt64Array.from([0, 0, heads, headSize], BigInt))
    const states = linear(`${name}.${what}`, input, [hidden, hidden])
    return node('Transpose', [node('Reshape', [states, split])], { integers: { perm: order } })
  }
  const product = node('MatMul', [part('query', [0, 2, 1, 3]), part('key', [0, 2, 3, 1])])
  const scale = tensor(`${name}.scale`, [], new Float32Array([1 / Math.sqrt(headSize)]))
  const scores = node('Add', [node('Mul', [product, scale]), bias])
  const seen = node('MatMul', [node('Softmax', [scores], { integers: { axis: -1 } }), part('value', [0, 2, 1, 3])])
  const join = tensor(`${name}.join`, [3], BigInt64Array.from([0, 0, hidden], BigInt))
  const joined = node('Reshape', [node('Transpose', [seen], { integers: { perm: [0, 2, 1, 3] } }), join])
  return linear(`${name}.output`, joined, [hidden, hidden])
}

function addLayer(builder: GraphBuilder, layer: Layer, shape: BertShape): string {
  const { node, linear, norm } = builder
  const { hidden, feedForward } = shape
  const { name, input } = layer
  const attended = norm(`${name}.attention`, node('Add', [input, addAttention(builder, layer, shape)]), hidden)
  const up = node('Relu', [linear(`${name}.up`, attended, [hidden, feedForward])])
  return norm(`${name}.end`, node('Add', [attended, linear(`${name}.down`, up, [feedForward, hidden])]), hidden)
}

const inputs: readonly OnnxValue[] = ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => ({
  name,
  type: 'int64',
  shape: ['batch', 'sequence'],
}))

/** A BERT encoder with seeded random weights: it knows nothing, but computes as a trained one does. */
export function createBertGraph(shape: BertShape): OnnxGraph {
  const builder = createGraphBuilder(shape)
  const bias = addMaskBias(builder)
  let states = addEmbeddings(builder, shape)
  for (let layer = 0; layer < shape.layers; layer++) {
    states = addLayer(builder, { name: `layer${layer}`, input: states, bias }, shape)
  }
  const end: OnnxNode = { operator: 'Identity', inputs: [states], outputs: ['last_hidden_state'] }
  return {
    inputs,
    outputs: [{ name: 'last_hidden_state', type: 'float32', shape: ['batch', 'sequence', shape.hidden] }],
    nodes: [...builder.nodes, end],
    tensors: builder.tensors,
  }
}
