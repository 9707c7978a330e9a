import { posix } from 'node:path'
import { attribute, parseXml } from './parse-xml.ts'
import type { ZipArchive } from './zip-archive.ts'

/** What a part refers to. */
export interface Relationship {
  /** Last word of the type's address, for instance `notesSlide`. */
  readonly type: string
  /** Name of the part in the archive. */
  readonly target: string
}

/** The relationships of a part (Open Packaging Conventions), by their id. */
export async function readRelationships(archive: ZipArchive, part: string): Promise<ReadonlyMap<string, Relationship>> {
  const relationships = new Map<string, Relationship>()
  const { dir, base } = posix.parse(part)
  const name = posix.join(dir, '_rels', `${base}.rels`)
  if (!archive.has(name)) return relationships
  await parseXml(archive.read(name), {
    open(element, attributes) {
      const id = attribute(attributes, 'Id')
      const target = attribute(attributes, 'Target')
      if (element !== 'Relationship' || id === undefined || target === undefined) return
      const type = (attribute(attributes, 'Type') ?? '').split('/').at(-1) ?? ''
      relationships.set(id, { type, target: target.startsWith('/') ? target.slice(1) : posix.join(dir, target) })
    },
  })
  return relationships
}
