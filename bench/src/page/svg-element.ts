/** Text as it may stand in XML. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** An element of SVG with a text or with ready elements in it; numbers of attributes are cut to a tenth. */
export function svgElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string | readonly string[] = [],
): string {
  const list = Object.entries(attributes).map(([key, value]) => {
    const written = typeof value === 'number' ? String(Math.round(value * 10) / 10) : escape(value)
    return ` ${key}="${written}"`
  })
  const inner = typeof content === 'string' ? escape(content) : content.map((element) => `\n${element}`).join('')
  return inner === '' ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${inner}</${name}>`
}

/** Colours of four series, and of text and lines, by a light and by a dark page. */
const style = `
text { font: 13px system-ui, sans-serif; fill: #24292f }
.small { font-size: 12px; fill: #57606a }
.line { stroke: #d0d7de }
.fill-0 { fill: #8c959f } .fill-1 { fill: #0969da } .fill-2 { fill: #bc4c00 } .fill-3 { fill: #1a7f37 }
.stroke-0 { stroke: #8c959f } .stroke-1 { stroke: #0969da } .stroke-2 { stroke: #bc4c00 } .stroke-3 { stroke: #1a7f37 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .small { fill: #9198a1 } .line { stroke: #3d444d }
.fill-0 { fill: #6e7681 } .fill-1 { fill: #4493f8 } .fill-2 { fill: #db6d28 } .fill-3 { fill: #3fb950 }
.stroke-0 { stroke: #6e7681 } .stroke-1 { stroke: #4493f8 } .stroke-2 { stroke: #db6d28 } .stroke-3 { stroke: #3fb950 }
}
`

/** A whole picture that fits light and dark pages alike. */
export function svgPicture(
  { title, width, height }: { readonly title: string; readonly width: number; readonly height: number },
  elements: readonly string[],
): string {
  const frame = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, role: 'img' }
  return `${svgElement('svg', frame, [svgElement('title', {}, title), `<style>${style}</style>`, ...elements])}\n`
}

/** The names of the series beside their colours, in one line. */
export function svgLegend(names: readonly string[], x: number, y: number): string[] {
  let left = x
  return names.flatMap((name, i) => {
    const at = left
    left += 34 + name.length * 7.5
    return [
      svgElement('rect', { class: `fill-${i}`, x: at, y: y - 10, width: 12, height: 12 }),
      svgElement('text', { class: 'small', x: at + 18, y }, name),
    ]
  })
}
