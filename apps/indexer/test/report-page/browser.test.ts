import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { temporaryFolder } from '@quern/test-fixtures'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderPage } from '../../src/report-page/render-page.ts'
import { hostileReport, hostileText } from './report-data.ts'

const executablePath = process.env['QUERN_TEST_CHROMIUM'] ?? '/usr/bin/chromium'
const reason = existsSync(executablePath)
  ? ''
  : ` (skipped: there is no ${executablePath}; QUERN_TEST_CHROMIUM names another)`

/** A page in a browser, and what went wrong in it or was asked of the network. */
interface OpenedPage extends AsyncDisposable {
  readonly page: Page
  readonly complaints: readonly string[]
}

async function openReport(browser: Browser): Promise<OpenedPage> {
  const folder = await temporaryFolder()
  const file = join(folder.path, 'report.html')
  await writeFile(file, await renderPage(hostileReport()))
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 } })
  const complaints: string[] = []
  const address = pathToFileURL(file).href
  page.on('console', (message) => {
    // What a policy refuses is an error, too.
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (request.url() !== address) complaints.push(request.url())
  })
  await page.goto(address)
  return {
    page,
    complaints,
    async [Symbol.asyncDispose]() {
      await page.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** How many pixels of the map are not empty. */
async function paintedPixels(page: Page): Promise<number> {
  const script = `(() => {
    const canvas = document.getElementById('map')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return data.filter((value, index) => index % 4 === 3 && value > 100).length
  })()`
  return Number(await page.evaluate(script))
}

describe.skipIf(reason !== '')(`a report in a browser${reason}`, () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })

  afterAll(() => browser.close())

  test('shows hostile texts as texts, runs nothing of them, and asks the network for nothing', async () => {
    await using opened = await openReport(browser)
    const { page, complaints } = opened
    expect(await page.evaluate('window.broken')).toBeUndefined()
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.locator('#biggest td').first().textContent()).toBe(hostileText)
    expect(await page.locator('#failures td').nth(2).textContent()).toBe(hostileText)
    expect(await page.locator('#facts dd').first().textContent()).toContain(hostileText)
    expect(complaints).toEqual([])
  })

  test('shows the text of the chunk that is pointed at, and finds chunks by their words', async () => {
    await using opened = await openReport(browser)
    const { page, complaints } = opened
    const all = await paintedPixels(page)
    expect(all).toBeGreaterThan(40 * 20)
    const { width = 0, height = 0 } = (await page.locator('#map').boundingBox()) ?? {}
    // Point 13 of the grid: the sixth of eight columns, the second of five rows, inside a margin of 16.
    await page.hover('#map', { position: { x: 16 + (5 / 7) * (width - 34), y: 16 + (1 / 4) * (height - 34) } })
    expect(await page.locator('#tip p').textContent()).toContain(`a needle ${hostileText}`)
    await page.mouse.move(0, 0)
    expect(await page.locator('#tip').isVisible()).toBe(false)

    await page.fill('#search', 'NEEDLE')
    expect(await page.locator('#found').textContent()).toBe('1 of 40')
    expect(await paintedPixels(page)).toBeLessThan(all / 4)
    await page.fill('#search', '')
    expect(await paintedPixels(page)).toBe(all)
    await page.locator('#legend button').first().click()
    expect(await paintedPixels(page)).toBeLessThan(all * 0.6)
    expect(complaints).toEqual([])
  })

  test('has a histogram with the limit of the model, and fits its width', async () => {
    await using opened = await openReport(browser)
    const { page } = opened
    expect(await page.locator('#lengths .bar').count()).toBe(3)
    expect(await page.locator('#lengths .limit').textContent()).toBe('the model reads 64')
    await page.setViewportSize({ width: 480, height: 800 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(480)
    expect((await page.screenshot()).byteLength).toBeGreaterThan(5000)
  })
})
