'use strict'
// The script of a page that "indexer report" writes. It takes everything from the block of data, and puts it into the page as text alone.

/** @typedef {import('../../src/report-page/report-data.ts').ReportData} ReportData */
/** @typedef {{ scale: number, x: number, y: number }} View */

const colors = [
  '#3b7dd8',
  '#e07b39',
  '#2f9e6e',
  '#c2459a',
  '#8a6fd1',
  '#b58b00',
  '#1f9bb0',
  '#d14b4b',
  '#6b8e23',
  '#8d8d8d',
]
const pointRadius = 3.2
const hoverRadius = 14
const mostZoom = 40
const shownFailures = 200

/** @type {ReportData} */
const data = JSON.parse(byId('data').textContent ?? '')
const whole = new Intl.NumberFormat('en-US')

/** @param {string} id */
function byId(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no ${id}`)
  return found
}

/**
 * A new element with a text.
 * @param {string} name
 * @param {string} [text]
 * @param {string} [className]
 */
function element(name, text = '', className = '') {
  const made = document.createElement(name)
  made.textContent = text
  if (className !== '') made.className = className
  return made
}

/** @param {number} bytes */
function size(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3)) : 0
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

/**
 * @param {readonly string[]} heads
 * @param {readonly (readonly (string | HTMLElement)[])[]} rows
 */
function table(heads, rows) {
  const made = element('table')
  const head = element('tr')
  for (const text of heads) head.append(element('th', text))
  made.append(head)
  for (const cells of rows) {
    const row = element('tr')
    for (const content of cells) {
      const cell = element('td')
      cell.append(content)
      row.append(cell)
    }
    made.append(row)
  }
  return made
}

function showFacts() {
  const { store, model, sources, chunks, madeAt } = data
  const facts = [
    ['store', `${store.path} (${store.type}, ${size(store.bytes)})`],
    ['model', `${model.name}, ${model.dimensions} dimensions`],
    ['sources', whole.format(sources)],
    ['chunks', whole.format(chunks)],
    ['last change', store.updatedAt],
    ['page made', madeAt],
  ]
  for (const [name, value] of facts) {
    const pair = element('div')
    pair.append(element('dt', name), element('dd', value))
    byId('facts').append(pair)
  }
}

function showLengths() {
  const { width, counts, longest, window: limit } = data.lengths
  const most = Math.max(1, ...counts)
  const end = Math.max(limit ?? 0, counts.length * width)
  const chart = element('div', '', 'chart')
  counts.forEach((count, column) => {
    const bar = element('div', '', 'bar')
    bar.style.left = `${(100 * column * width) / end}%`
    bar.style.width = `${(100 * width) / end}%`
    bar.style.height = `${(100 * count) / most}%`
    bar.title = `${column * width} to ${(column + 1) * width - 1} tokens: ${whole.format(count)} chunks`
    chart.append(bar)
  })
  if (limit !== null) {
    const line = element('div', `the model reads ${whole.format(limit)}`, 'limit')
    line.style.left = `${(100 * limit) / end}%`
    chart.append(line)
  }
  const axis = element('div', '', 'axis')
  axis.append(element('span', '0 tokens'), element('span', whole.format(end)))
  byId('lengths').append(chart, axis)
  const known =
    limit === null
      ? 'The model of the store is not at hand, so its limit is not shown.'
      : `The model reads up to ${whole.format(limit)} tokens.`
  byId('lengths-note').textContent = `The longest chunk has ${whole.format(longest)} tokens. ${known}`
}

function showBiggest() {
  const rows = data.biggest.map(({ source, chunks, bytes }) => [source, whole.format(chunks), size(bytes)])
  byId('biggest').append(table(['source', 'chunks', 'size'], rows))
}

/** @param {{ place: string, text: string }} chunk */
function cellOf({ place, text }) {
  const cell = element('div')
  cell.append(element('b', place), element('p', text))
  return cell
}

function showDuplicates() {
  const { duplicates, points, chunks } = data
  const among =
    points.length < chunks ? `Among the ${whole.format(points.length)} chunks on the map` : 'Among all chunks'
  byId('duplicates-note').textContent =
    duplicates.length === 0
      ? `${among} there are no two that say nearly the same.`
      : `${among} these say nearly the same (cosine 0.95 and more); the nearest pair of each two sources.`
  if (duplicates.length === 0) return
  const rows = duplicates.map(({ score, pairs, sameText, a, b }) => [
    sameText ? 'same text' : score.toFixed(3),
    whole.format(pairs),
    cellOf(a),
    cellOf(b),
  ])
  byId('duplicates').append(table(['cosine', 'pairs', 'one', 'other'], rows))
}

function showFailures() {
  const run = data.lastRun
  const note = byId('failures-note')
  if (run === null) {
    note.textContent = 'No run into this store is remembered on this machine.'
    return
  }
  const count = run.failures.length + run.failuresLeftOut
  note.textContent = `${run.finishedAt}: ${count === 0 ? 'no source failed.' : `${whole.format(count)} failed. They keep what was stored of them, and are tried again by the next run.`}`
  if (count === 0) return
  const rows = run.failures.slice(0, shownFailures).map(({ source, code, message }) => [source, code, message])
  byId('failures').append(table(['source', 'code', 'reason'], rows))
}

/** The map: points on a canvas that can be moved, zoomed, searched and pointed at. */
function showMap() {
  const { points, folders, chunks } = data
  const canvas = /** @type {HTMLCanvasElement} */ (byId('map'))
  const tip = byId('tip')
  const search = /** @type {HTMLInputElement} */ (byId('search'))
  const drawing = canvas.getContext('2d')
  if (drawing === null) return
  const texts = points.map(({ place, headings, text }) => `${place}\n${headings}\n${text}`.toLowerCase())
  /** @type {View} */
  let view = { scale: 1, x: 0, y: 0 }
  /** @type {Set<number>} */
  const hidden = new Set()
  /** @type {boolean[] | undefined} */
  let matches
  let pointed = -1

  /** @param {number} index */
  const isShown = (index) => !hidden.has(points[index]?.folder ?? 0)

  /** @param {number} index */
  const placeOf = (index) => {
    const { x, y } = points[index] ?? { x: 0, y: 0 }
    const margin = 16
    const across = canvas.clientWidth - 2 * margin
    const down = canvas.clientHeight - 2 * margin
    return { x: margin + (x * across - view.x) * view.scale, y: margin + (y * down - view.y) * view.scale }
  }

  /** @param {number} index */
  const drawPoint = (index) => {
    const { x, y } = placeOf(index)
    const isMatch = matches === undefined || matches[index] === true
    drawing.globalAlpha = isMatch ? 0.8 : 0.1
    drawing.fillStyle = colors[points[index]?.folder ?? 0] ?? '#888'
    drawing.beginPath()
    drawing.arc(x, y, matches !== undefined && isMatch ? pointRadius * 1.6 : pointRadius, 0, 2 * Math.PI)
    drawing.fill()
  }

  const draw = () => {
    const density = window.devicePixelRatio
    canvas.width = canvas.clientWidth * density
    canvas.height = canvas.clientHeight * density
    drawing.setTransform(density, 0, 0, density, 0, 0)
    drawing.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight)
    points.forEach((_, index) => isShown(index) && drawPoint(index))
    if (pointed < 0) return
    const { x, y } = placeOf(pointed)
    drawing.globalAlpha = 1
    drawing.strokeStyle = getComputedStyle(canvas).color
    drawing.lineWidth = 2
    drawing.beginPath()
    drawing.arc(x, y, pointRadius * 2.2, 0, 2 * Math.PI)
    drawing.stroke()
  }

  /** @param {MouseEvent} event */
  const nearest = (event) => {
    let best = { index: -1, distance: hoverRadius }
    points.forEach((_, index) => {
      if (!isShown(index)) return
      const { x, y } = placeOf(index)
      const distance = Math.hypot(x - event.offsetX, y - event.offsetY)
      if (distance < best.distance) best = { index, distance }
    })
    return best.index
  }

  /** @param {MouseEvent} event */
  const point = (event) => {
    pointed = nearest(event)
    const found = points[pointed]
    tip.replaceChildren()
    tip.classList.toggle('shown', found !== undefined)
    if (found !== undefined) {
      tip.append(element('b', found.place))
      if (found.headings !== '') tip.append(element('i', found.headings))
      tip.append(element('p', found.text))
      const onTheRight = event.offsetX > canvas.clientWidth / 2
      tip.style.left = onTheRight ? '' : `${event.offsetX + 16}px`
      tip.style.right = onTheRight ? `${canvas.clientWidth - event.offsetX + 16}px` : ''
      tip.style.top = `${Math.min(event.offsetY + 16, Math.max(0, canvas.clientHeight - tip.offsetHeight))}px`
    }
    draw()
  }

  const filter = () => {
    const words = search.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '')
    matches = words.length === 0 ? undefined : texts.map((text) => words.every((word) => text.includes(word)))
    const count = matches?.filter(Boolean).length ?? 0
    byId('found').textContent = matches === undefined ? '' : `${whole.format(count)} of ${whole.format(points.length)}`
    draw()
  }

  /** @type {{ x: number, y: number } | undefined} */
  let grabbed
  canvas.addEventListener('pointerdown', (event) => {
    grabbed = { x: event.offsetX, y: event.offsetY }
    canvas.setPointerCapture(event.pointerId)
  })
  canvas.addEventListener('pointerup', () => (grabbed = undefined))
  canvas.addEventListener('pointermove', (event) => {
    if (grabbed !== undefined) {
      view.x -= (event.offsetX - grabbed.x) / view.scale
      view.y -= (event.offsetY - grabbed.y) / view.scale
      grabbed = { x: event.offsetX, y: event.offsetY }
    }
    point(event)
  })
  canvas.addEventListener('pointerleave', () => {
    pointed = -1
    tip.classList.remove('shown')
    draw()
  })
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const scale = Math.min(mostZoom, Math.max(1, view.scale * Math.exp(-event.deltaY / 400)))
      const margin = 16
      const keep = 1 / view.scale - 1 / scale
      view =
        scale === 1
          ? { scale, x: 0, y: 0 }
          : { scale, x: view.x + (event.offsetX - margin) * keep, y: view.y + (event.offsetY - margin) * keep }
      point(event)
    },
    { passive: false },
  )
  canvas.addEventListener('dblclick', () => {
    view = { scale: 1, x: 0, y: 0 }
    draw()
  })
  search.addEventListener('input', filter)
  window.addEventListener('resize', draw)

  folders.forEach((folder, index) => {
    const item = element('li')
    const button = element('button', folder)
    const count = points.filter((one) => one.folder === index).length
    const swatch = element('span', '', 'swatch')
    swatch.style.background = colors[index] ?? '#888'
    button.prepend(swatch)
    button.append(element('small', whole.format(count)))
    button.setAttribute('aria-pressed', 'true')
    button.addEventListener('click', () => {
      if (!hidden.delete(index)) hidden.add(index)
      button.setAttribute('aria-pressed', String(!hidden.has(index)))
      draw()
    })
    item.append(button)
    byId('legend').append(item)
  })
  const amount =
    points.length < chunks
      ? `${whole.format(points.length)} of ${whole.format(chunks)} chunks, evenly spread.`
      : `All ${whole.format(chunks)} chunks.`
  byId('map-note').textContent =
    `${amount} Near points say similar things; distances between clusters mean little. Point to read, scroll to zoom, drag to move, double-click to go back.`
  draw()
}

showFacts()
showMap()
showLengths()
showBiggest()
showDuplicates()
showFailures()
