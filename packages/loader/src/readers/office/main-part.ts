import { readRelationships } from './read-relationships.ts'
import type { Relationship } from './read-relationships.ts'
import type { ZipArchive } from './zip-archive.ts'

/** The part that holds the document itself (Open Packaging Conventions): the one that the package names, else the one of the usual name. */
export async function findMainPart(archive: ZipArchive, usualName: string): Promise<string> {
  const relationships = [...(await readRelationships(archive, '')).values()]
  const target = relationships.find(({ type }) => type === 'officeDocument')?.target
  return target !== undefined && archive.has(target) ? target : usualName
}

/** The name of a part that another refers to by this type, else the usual name; undefined where the archive has neither. */
export function relatedPart(
  archive: ZipArchive,
  relationships: ReadonlyMap<string, Relationship>,
  { type, usualName }: { readonly type: string; readonly usualName: string },
): string | undefined {
  const target = [...relationships.values()].find((relationship) => relationship.type === type)?.target
  return [target, usualName].find((name) => name !== undefined && archive.has(name))
}
