import type { Section } from './find-sections.ts'

function weightOf({ blocks }: Section): number {
  return blocks.reduce((sum, block) => sum + block.weight, 0)
}

function hasBody({ blocks }: Section): boolean {
  return blocks.some((block) => !block.isHeading)
}

/**
 * Groups sections that may share chunks. A heading without text belongs to the section after it; that apart, a group ends between
 * two sections that both weigh at least `small`. Nothing but the two sections decides, so that an edit moves no later group.
 */
export async function* groupSections(
  sections: AsyncIterable<Section>,
  small: number,
): AsyncGenerator<readonly Section[]> {
  let group: Section[] = []
  let unit: Section[] = []
  let unitWeight = 0
  let weightBefore = 0
  for await (const section of sections) {
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
