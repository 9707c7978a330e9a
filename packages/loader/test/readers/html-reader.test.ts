import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { htmlReader } from '../../src/readers/html-reader.ts'
import { readRequest } from './read-request.ts'

async function textOf(html: string): Promise<string> {
  return (await htmlReader.read(readRequest(html))).pageContent
}

const article = `The article says what it has to say in some sentences. ${'It goes on for a while. '.repeat(10)}`.trim()

describe('the main text of a page', () => {
  test('is what stands in <main>', async () => {
    const html = `<body><div>Menu</div><main><p>${article}</main><div>Imprint</div>`
    expect(await textOf(html)).toBe(article)
    expect(await textOf(html.replaceAll('main', 'section').replace('<section', '<section role=main'))).toBe(article)
  })

  test('is that of all articles where there is no <main>', async () => {
    const html = `<div>Menu</div><article><p>${article}</article><article>Another.</article><div>Imprint</div>`
    expect(await textOf(html)).toBe(`${article}\n\nAnother.`)
  })

  test('is the whole body where <main> holds next to nothing', async () => {
    expect(await textOf(`<main>Short.</main><p>${article}</p>`)).toBe(`Short.\n\n${article}`)
  })

  test('has no furniture', async () => {
    const furniture = ['nav', 'footer', 'aside', 'form', 'script', 'style', 'template', 'noscript', 'button']
    const html = furniture.map((name) => `<${name}>${name}</${name}>`).join('')
    expect(await textOf(`<p>Text</p>${html}<p hidden>a</p><p aria-hidden=true>b</p><div role=navigation>c</div>`)).toBe(
      'Text',
    )
    expect(await textOf('<h1>Title<a class="headerlink" href="#x">¶</a></h1>')).toBe('# Title')
  })

  test('is the furniture where there is nothing else', async () => {
    expect(await textOf('<nav><p>Only this.</p></nav>')).toBe('Only this.')
    expect(await textOf('<body><nav><a>Menu</a><p>Text of a page whose menu was never closed')).toContain(
      'never closed',
    )
  })

  test('is that of a form which holds the page', async () => {
    expect(await textOf(`<h1>Old</h1><form><p>${article}</p><select><option>1</select></form>`)).toBe(
      `# Old\n\n${article}`,
    )
  })
})

describe('structure', () => {
  test.each([
    ['<h1>One</h1><h3>Two <b>bold</b></h3><p>Text', '# One\n\n### Two bold\n\nText'],
    ['<p>One\n  two&nbsp; <i>three</i>.<p>Four', 'One two three.\n\nFour'],
    ['One<br>two<br><br><br>three', 'One\ntwo\n\nthree'],
    ['<p>See <a href="https://example.org">the page</a>.', 'See the page.'],
    ['<p>Call <code>run()</code> now.', 'Call `run()` now.'],
    ['<ul><li>a<li>b<ul><li>c</ul><li>d</ul>', '- a\n- b\n  - c\n- d'],
    ['<ol start=3><li>a<li>b</ol>', '3. a\n4. b'],
    ['<ol><li><p>a</p><p>more</p><li>b</ol>', '1. a\n\nmore\n\n2. b'],
    ['<dl><dt>Term<dd>Meaning</dl>', 'Term\n\nMeaning'],
    ['<table><tr><th>a<th>b<tr><td>1|2<td>3</table>', '| a | b |\n| --- | --- |\n| 1\\|2 | 3 |'],
    ['<table><tr><td>x<td><ul><li>p<li>q</ul></table>', '| x | - p - q |\n| --- | --- |'],
    ['<table><tr><td>Menu<td><h2>Head</h2><p>Text</table>', 'Menu\n\n## Head\n\nText'],
    ['<table><tr><td><table><tr><td>1<td>2</table><td>after</table>', '| 1 | 2 |\n| --- | --- |\n\nafter'],
    ['<table><tr><td>alone</table>', 'alone'],
    ['<img alt="A mill" src=x> grinds', 'A mill grinds'],
    ['<p># no heading<p>``` no fence<p>---', '\\# no heading\n\n\\``` no fence\n\n\\---'],
    ['<p>&lt;b&gt; &amp; &#128512; &eacute;&#1;&hellip;', '<b> & 😀 é\u0001…'],
    ['<math alttext="x^2"><mi>x</mi></math> is', 'x^2 is'],
  ])('of %j', async (html, text) => {
    expect(await textOf(html)).toBe(text)
  })

  test('code keeps its whitespace, and names its language', async () => {
    const code = 'def f():\n\n\n    return  1'
    expect(await textOf(`<pre>\n${code}\n</pre>`)).toBe(`\`\`\`\n${code}\n\`\`\``)
    expect(await textOf(`<pre><code class="hljs language-python">${code}</code></pre>`)).toBe(
      `\`\`\`python\n${code}\n\`\`\``,
    )
    const around = `<body class="lang-en"><div class="highlight-python"><div class="highlight"><pre>${code}</pre></div></div>`
    expect(await textOf(around)).toBe(`\`\`\`python\n${code}\n\`\`\``)
  })

  test('code may hold backticks, lines as elements, and stand in a table', async () => {
    expect(await textOf('<pre>a\n```\nb\n`````</pre>')).toBe('``````\na\n```\nb\n`````\n``````')
    expect(await textOf('<pre><div>a</div><div>b</div>c<br>d</pre>')).toBe('```\na\nb\nc\nd\n```')
    expect(await textOf('<table><tr><td class=linenos><pre>1\n2</pre><td><pre>a\nb</pre></table>')).toBe(
      '```\na\nb\n```',
    )
  })

  test('survives what is not closed', async () => {
    expect(await textOf('<h1>Head<p>Text<div>More')).toBe('# Head\n\nText\n\nMore')
    expect(await textOf('<table><tr><td>a<td>b')).toBe('| a | b |\n| --- | --- |')
    expect(await textOf('<ul><li><b>a')).toBe('- a')
    expect(await textOf('<pre>a\n b')).toBe('```\na\n b\n```')
    expect(await textOf('<p>Text <a href="')).toBe('Text')
    expect(await textOf('</div></p>Text</b>')).toBe('Text')
    expect(await textOf('<title>Title<body><p>Text')).toBe('Title\n\nText')
  })

  test('of XHTML knows elements that close themselves', async () => {
    const head = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/>'
    expect(await textOf(`${head}<script src="x"/></head><body><p>Text</p></body></html>`)).toBe('Text')
  })
})

describe('metadata', () => {
  test('is what the page declares', async () => {
    const html = `<html lang="de"><head><title>A\n title &amp; more</title><meta name="Description" content="What it is.">
      <meta name=author content=Ada><meta property="article:published_time" content="2024-01-02"></head><body>x`
    expect((await htmlReader.read(readRequest(html))).metadata).toEqual({
      title: 'A title & more',
      language: 'de',
      description: 'What it is.',
      author: 'Ada',
      date: '2024-01-02',
    })
  })

  test('has the title from Open Graph or the first heading where there is no other', async () => {
    const meta = '<meta property="og:title" content="Shared">'
    expect((await htmlReader.read(readRequest(`${meta}<h1>Head</h1>`))).metadata).toEqual({ title: 'Shared' })
    expect((await htmlReader.read(readRequest('<h1>Head</h1>'))).metadata).toEqual({ title: 'Head' })
    expect((await htmlReader.read(readRequest('<svg><title>icon</title></svg>text'))).metadata).toEqual({})
  })
})

describe('the encoding', () => {
  test.each([
    '<meta charset=windows-1251>',
    '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
    '<?xml version="1.0" encoding="windows-1251"?>',
  ])('is the one of %s', async (declaration) => {
    const bytes = iconv.encode(`${declaration}<p>Да`, 'windows-1251')
    expect(await htmlReader.read(readRequest(bytes))).toEqual({
      pageContent: 'Да',
      metadata: { encoding: 'windows-1251' },
    })
  })

  test('is that of the byte order mark, whatever is declared', async () => {
    const bytes = Buffer.from('\uFEFF<meta charset=windows-1251><p>Да', 'utf16le')
    expect((await htmlReader.read(readRequest(bytes))).pageContent).toBe('Да')
  })
})

describe('hostile pages', () => {
  test('that are empty give an empty text', async () => {
    expect(await textOf('')).toBe('')
    expect(await textOf('<html><body> \n </body></html>')).toBe('')
  })

  test('that nest deeply are read or stopped, without overflowing the stack', async () => {
    for (const tag of ['div', 'ul', 'li', 'table', 'b', 'pre', 'blockquote', 'nav']) {
      const html = `${`<${tag}>`.repeat(5000)}text`
      expect(await textOf(html)).toContain('text')
    }
    const deep = readRequest('<div>'.repeat(300_000), { timeoutMs: 100 })
    await expect(htmlReader.read(deep)).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  test('are given up when the signal aborts', async () => {
    const abort = new AbortController()
    const reading = htmlReader.read(readRequest('<div>'.repeat(300_000), { signal: abort.signal }))
    setTimeout(() => abort.abort(new Error('enough')), 20)
    await expect(reading).rejects.toThrow('enough')
  })

  test('of any tags in any order give well-formed text that holds every word', async () => {
    const names = 'div p h2 ul li table tr td pre code br b'.split(' ')
    const piece = fc.oneof(
      fc.constantFrom(...names).map((name) => `<${name}>`),
      fc.constantFrom(...names).map((name) => `</${name}>`),
      fc.constantFrom('\n', '  ', '&nbsp;', '😀', '`', '|', '#'),
      fc.constant('word '),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60, size: 'max' }), async (pieces) => {
        const html = pieces.join('')
        const text = await textOf(html)
        expect(text.isWellFormed()).toBe(true)
        expect(text.split('word').length).toBe(html.split('word').length)
      }),
      { numRuns: 1000 },
    )
  })
})
