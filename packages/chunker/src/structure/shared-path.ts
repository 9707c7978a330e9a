import type { Heading, Section } from './section.ts'

/** The headings that all of the sections stand under, outermost first. */
export function sharedPath(sections: readonly Section[]): readonly Heading[] {
  const [first, ...others] = sections
  return (first?.path ?? []).filter((heading, depth) => others.every(({ path }) => path[depth] === heading))
}
