/** Lowest version of Node that the published packages run on. */
const lowestMajor = 22

/** What is wrong with a version of Node, and what to do. */
export interface NodeProblem {
  readonly message: string
  readonly hint: string
}

/** Says why this version of Node, written as in `process.versions.node`, is not enough; undefined where it is. */
export function nodeProblem(version: string): NodeProblem | undefined {
  if (Number.parseInt(version, 10) >= lowestMajor) return undefined
  return {
    message: `Node ${version} is not supported: ${lowestMajor} is the lowest version`,
    hint: 'Install a newer one, for instance with: nvm install 24',
  }
}
