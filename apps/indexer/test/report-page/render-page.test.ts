import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { renderPage } from '../../src/report-page/render-page.ts'
import { hostileReport } from './report-data.ts'

const page = await renderPage(hostileReport())

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

test('a page has all its data, and no text of a document outside of it', () => {
  const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>\n<script>/s.exec(page) ?? []
  expect(JSON.parse(json)).toEqual(hostileReport())
  expect(json).not.toContain('<')
  expect(page.replace(json, '')).not.toContain('window.broken')
})

test('the policy of a page allows its own script and style by their hashes, and nothing else', () => {
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? []
  const script = page.slice(page.lastIndexOf('<script>') + '<script>'.length, page.lastIndexOf('</script>'))
  const style = page.slice(page.indexOf('<style>') + '<style>'.length, page.indexOf('</style>'))
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ])
})

test('a page names no other address', () => {
  const own = page.replace(/<script type="application\/json".*?<\/script>/s, '')
  expect(own).not.toMatch(/\b(?:https?:)?\/\/[a-z]/i)
  expect(own).not.toMatch(/<(?:link|img|iframe|object)\b/i)
})
