import { bytes, float, integer, message } from './encode-protobuf.ts'
import type { Field } from './encode-protobuf.ts'

/** A size that is known, or the name of one that is not. */
type Dimension = number | string

/** An input or output of a graph. */
export interface OnnxValue {
  readonly name: string
  readonly type: keyof typeof elementTypes
  readonly shape: readonly Dimension[]
}

/** A tensor that is part of the model. */
export interface OnnxTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array | BigInt64Array | Int8Array | Uint8Array
}

/** One operation. */
export interface OnnxNode {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Whole numbers, and floats by name under `floats`. */
  readonly integers?: Readonly<Record<string, number | readonly number[]>>
  readonly floats?: Readonly<Record<string, number>>
}

/** What a model computes. */
export interface OnnxGraph {
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  readonly nodes: readonly OnnxNode[]
  readonly tensors: readonly OnnxTensor[]
}

const elementTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 } as const
const attributeTypes = { float: 1, integer: 2, integers: 7 } as const
const formatVersion = 8
const operatorSet = 17

function encodeValue({ name, type, shape }: OnnxValue): Field[] {
  const dimensions = shape.map((size) => message(1, [typeof size === 'number' ? integer(1, size) : bytes(2, size)]))
  return [bytes(1, name), message(2, [message(1, [integer(1, elementTypes[type]), message(2, dimensions)])])]
}

function typeOf(values: OnnxTensor['values']): number {
  if (values instanceof Float32Array) return elementTypes.float32
  if (values instanceof BigInt64Array) return elementTypes.int64
  return values instanceof Int8Array ? elementTypes.int8 : elementTypes.uint8
}

function encodeTensor({ name, shape, values }: OnnxTensor): Field[] {
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return [...shape.map((size) => integer(1, size)), integer(2, typeOf(values)), bytes(8, name), bytes(9, data)]
}

function encodeInteger([name, value]: [string, number | readonly number[]]): Field[] {
  const type = typeof value === 'number' ? attributeTypes.integer : attributeTypes.integers
  const fields = typeof value === 'number' ? [integer(3, value)] : value.map((item) => integer(8, item))
  return [bytes(1, name), integer(20, type), ...fields]
}

function encodeFloat([name, value]: [string, number]): Field[] {
  return [bytes(1, name), integer(20, attributeTypes.float), float(2, value)]
}

function encodeNode({ operator, inputs, outputs, integers = {}, floats = {} }: OnnxNode): Field[] {
  const attributes = [...Object.entries(integers).map(encodeInteger), ...Object.entries(floats).map(encodeFloat)]
  return [
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(4, operator),
    ...attributes.map((attribute) => message(5, attribute)),
  ]
}

/**
 * A model file in the format ONNX (onnx.proto of the ONNX project): the few messages that a small model needs. Tensors are written in
 * the machine's byte order, which has to be little-endian.
 */
export function encodeOnnx({ inputs, outputs, nodes, tensors }: OnnxGraph): Buffer {
  const graph = [
    ...nodes.map((node) => message(1, encodeNode(node))),
    bytes(2, 'graph'),
    ...tensors.map((tensor) => message(5, encodeTensor(tensor))),
    ...inputs.map((value) => message(11, encodeValue(value))),
    ...outputs.map((value) => message(12, encodeValue(value))),
  ]
  return Buffer.concat([
    integer(1, formatVersion),
    bytes(2, 'quern-test'),
    message(7, graph),
    message(8, [bytes(1, ''), integer(2, operatorSet)]),
  ])
}
