import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ReportData } from './report-data.ts'

/** Stands in a page that `report` made, by which it is known again. */
export const generatorMark = '<meta name="generator" content="Quern report">'

/** Script and style lie beside `src` and `dist`. */
async function readAsset(name: string): Promise<string> {
  return readFile(new URL(`../../assets/report/${name}`, import.meta.url), 'utf8')
}

/** Source expression of a Content Security Policy for what stands in the page itself. */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** JSON that stands in a script element: no text in it can end the element or begin a comment. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`)
}

/**
 * One HTML page with everything in it: it loads nothing, and its policy forbids that it ever does. What comes from documents stands in a block
 * of data alone, which the script puts into the page as text.
 */
export async function renderPage(data: ReportData): Promise<string> {
  const [script, style] = await Promise.all([readAsset('page.js'), readAsset('page.css')])
  const policy = `default-src 'none'; script-src ${hashSource(script)}; style-src ${hashSource(style)}; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
${generatorMark}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Quern report</title>
<style>${style}</style>
</head>
<body>
<header><h1>What the store holds</h1><dl id="facts"></dl></header>
<main>
<section class="wide" aria-labelledby="map-title">
<h2 id="map-title">Map of the corpus</h2>
<p id="map-note"></p>
<div class="tools"><input id="search" type="search" placeholder="Search texts, places, headings" aria-label="Search the map"><output id="found"></output></div>
<div class="map"><canvas id="map" aria-label="Map of the chunks: near points say similar things"></canvas><div id="tip" role="status"></div></div>
<ul id="legend"></ul>
</section>
<section aria-labelledby="lengths-title"><h2 id="lengths-title">Length of the chunks</h2><p id="lengths-note"></p><div id="lengths"></div></section>
<section aria-labelledby="biggest-title"><h2 id="biggest-title">Biggest sources</h2><div id="biggest"></div></section>
<section class="wide" aria-labelledby="duplicates-title"><h2 id="duplicates-title">Near-duplicates</h2><p id="duplicates-note"></p><div id="duplicates"></div></section>
<section class="wide" aria-labelledby="failures-title"><h2 id="failures-title">Failures of the last run</h2><p id="failures-note"></p><div id="failures"></div></section>
</main>
<script type="application/json" id="data">${scriptJson(data)}</script>
<script>${script}</script>
</body>
</html>
`
}
