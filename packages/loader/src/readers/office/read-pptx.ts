import { findMainPart } from './main-part.ts'
import type { OfficeDocument } from './office-document.ts'
import { createPartWriter } from './office-document.ts'
import { parseXml, relationshipId } from './parse-xml.ts'
import { openXmlProperties, readCoreProperties } from './read-core-properties.ts'
import { readRelationships } from './read-relationships.ts'
import { readShapes } from './slides/read-shapes.ts'
import { presentParts } from './present-parts.ts'
import type { ZipArchive } from './zip-archive.ts'

/** The slides in the order in which they are shown, each once. */
async function listSlides(archive: ZipArchive): Promise<string[]> {
  const presentation = await findMainPart(archive, 'ppt/presentation.xml')
  const ids = new Set<string>()
  await parseXml(archive.read(presentation), {
    open(name, attributes) {
      const id = name === 'sldId' ? relationshipId(attributes) : undefined
      if (id !== undefined) ids.add(id)
    },
  })
  const relationships = await readRelationships(archive, presentation)
  return [...ids].flatMap((id) => relationships.get(id)?.target ?? [])
}

/** Reads a presentation (ECMA-376): a segment for each slide, titles as headings, lists, tables, speaker's notes below; hidden slides too. */
export async function readPptx(archive: ZipArchive): Promise<OfficeDocument> {
  const slides = await listSlides(archive)
  const { present, missing } = presentParts(archive, slides)
  const writer = createPartWriter()
  for (const [index, slide] of slides.entries()) {
    if (!present.has(slide)) continue
    const blocks = await readShapes(archive, slide, { points: true })
    const relationships = await readRelationships(archive, slide)
    const notes = [...relationships.values()].find(({ type }) => type === 'notesSlide')?.target
    const notesBlocks =
      notes !== undefined && archive.has(notes) ? await readShapes(archive, notes, { points: false }) : []
    writer.add({ page: index + 1 }, [...blocks, ...notesBlocks])
  }
  const declared = await readCoreProperties(archive, 'docProps/core.xml', openXmlProperties)
  return { ...writer.finish(), declared, pageCount: slides.length, missingParts: missing }
}
