import { inspect } from 'node:util'
import { closestWord } from './closest-word.ts'
import type { z } from 'zod'
import { configJsonSchema } from './config-json-schema.ts'

type Issue = z.core.$ZodIssue

function pathText(path: readonly PropertyKey[]): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`)).join('')
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  )
}

/** What is read of a JSON Schema here. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly anyOf?: readonly SchemaNode[]
  readonly items?: SchemaNode
}

/** Keys that the schema knows at a path of the configuration. */
function keysAt(path: readonly PropertyKey[], node: SchemaNode = configJsonSchema()): string[] {
  if (node.anyOf !== undefined) return node.anyOf.flatMap((branch) => keysAt(path, branch))
  const [head, ...tail] = path
  if (head === undefined) return Object.keys(node.properties ?? {})
  const inner = typeof head === 'number' ? node.items : node.properties?.[String(head)]
  return inner === undefined ? [] : keysAt(tail, inner)
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 0, breakLength: Infinity })
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' | ')}`
    case 'too_small':
      return issue.origin === 'string'
        ? 'expected a text that is not empty'
        : `expected ${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}`
    default:
      return issue.message
  }
}

/** The branch of a union that the value was meant for: the one that does not refuse it as a whole. */
function meantBranch(errors: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return errors.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys' || code === 'custom'),
  )
}

function describeIssue(issue: Issue, config: unknown, parents: readonly PropertyKey[] = []): string[] {
  const path = [...parents, ...issue.path]
  const where = path.length === 0 ? 'the configuration' : pathText(path)
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path)
    return issue.keys.map((key) => {
      const meant = closestWord(key, known)
      const advice = meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`
      return `${pathText([...path, key])}: unknown key; ${advice}`
    })
  }
  // Says by itself what is wrong, perhaps of a value that must not be printed.
  if (issue.code === 'custom') return [`${where}: ${issue.message}`]
  const received = `received ${show(valueAt(config, path))}`
  if (issue.code === 'invalid_union') {
    const branch = meantBranch(issue.errors)
    if (branch !== undefined) return branch.flatMap((inner) => describeIssue(inner, config, path))
    const expected = issue.errors.flatMap((issues) =>
      issues.map((inner) => expectation(inner).replace('expected ', '')),
    )
    return [`${where}: expected ${[...new Set(expected)].join(' or ')}, ${received}`]
  }
  return [`${where}: ${expectation(issue)}, ${received}`]
}

/** Every problem of a configuration, one line each: path, what was expected, what was received. */
export function configProblems(issues: readonly Issue[], config: unknown): string[] {
  return issues.flatMap((issue) => describeIssue(issue, config))
}
