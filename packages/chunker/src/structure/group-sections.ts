import type { Section } from './section.ts'

function weightOf({ blocks }: Section): number {
  return blocks.reduce((sum, block) => sum + block.weight, 0)
}

function hasBody({ blocks }: Section): boolean {
  return blocks.some((block) => block.kind !== 'heading')
}

/** The sections of each part together. */
export async function* groupByPart(sections: AsyncIterable<Section>): AsyncGenerator<readonly Section[]> {
  let group: Section[] = []
  for await (const section of sections) {
    if (group.length > 0 && group[0]?.part !== section.part) {
      yield group
      group = []
    }
    group.push(section)
  }
  if (group.length > 0) yield group
}

/**
 * Groups sections that may share chunks. A heading without text belongs to the section after it; that apart, a group ends between
 * two sections that both weigh at least `small`, and at the end of a part. Nothing but the two sections decides, so that an edit
 * moves no later group.
 */
export async function* groupSections(
  sections: AsyncIterable<Section>,
  small: number,
): AsyncGenerator<readonly Section[]> {
  for await (const part of groupByPart(sections)) yield* groupWithinPart(part, small)
}

function* groupWithinPart(sections: readonly Section[], small: number): Generator<readonly Section[]> {
  let group: Section[] = []
  let unit: Section[] = []
  let unitWeight = 0
  let weightBefore = 0
  for (const section of sections) {
    unit.push(section)
    unitWeight += weightOf(section)
    if (!hasBody(section)) continue
    if (weightBefore >= small && unitWeight >= small) {
      yield group
      group = []
    }
    for (const member of unit) group.push(member)
    weightBefore = unitWeight
    unit = []
    unitWeight = 0
  }
  if (group.length + unit.length > 0) yield group.concat(unit)
}
