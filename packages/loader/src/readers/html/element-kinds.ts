/** Attributes of an element, names in lower case. */
export interface Attributes {
  readonly [name: string]: string | undefined
}

/** What is left out of a page besides what is never text: all of the page's furniture, all but forms, or nothing. */
export type Furniture = 'drop' | 'keep-forms' | 'keep'

/** Elements whose content is not text to read, whatever the page. */
const neverText: ReadonlySet<string> = new Set(
  'script style template svg math iframe object canvas audio video map select option button textarea dialog'.split(' '),
)

const furniture: ReadonlySet<string> = new Set(['nav', 'footer', 'aside', 'form', 'noscript'])

const furnitureRoles: ReadonlySet<string> = new Set(['navigation', 'search', 'banner', 'contentinfo', 'complementary'])

const furnitureClasses: ReadonlySet<string> = new Set(
  (
    'headerlink sphinxsidebar navheader navfooter breadcrumb breadcrumbs toctree-wrapper skip-link sr-only related linenos ' +
    'cookie-banner cookie-consent'
  ).split(' '),
)

const blocks: ReadonlySet<string> = new Set(
  (
    'p div section article main header figure figcaption blockquote ul ol li dl dt dd address details summary hr fieldset legend ' +
    'center body html table thead tbody tfoot caption tr td th form nav footer aside'
  ).split(' '),
)

/** Elements that begin and end a block of text of their own. */
export function isBlock(name: string): boolean {
  return blocks.has(name)
}

/** The level of a heading element, 1 to 6; 0 for all others. */
export function headingLevel(name: string): number {
  return name.length === 2 && name[0] === 'h' && name > 'h0' && name < 'h7' ? Number(name[1]) : 0
}

function isHidden(attributes: Attributes): boolean {
  return (
    ('hidden' in attributes && attributes['hidden'] !== 'until-found') ||
    attributes['aria-hidden']?.toLowerCase() === 'true'
  )
}

/** Whether an element is left out with all that is in it. */
export function isLeftOut(name: string, attributes: Attributes, mode: Furniture): boolean {
  if (neverText.has(name)) return true
  if (mode === 'keep' || name === 'html' || name === 'body' || name === 'main') return false
  if (furniture.has(name)) return name !== 'form' || mode === 'drop'
  if (isHidden(attributes) || furnitureRoles.has(attributes['role']?.toLowerCase() ?? '')) return true
  const classes = attributes['class']
  return classes !== undefined && classes.split(/\s+/).some((item) => furnitureClasses.has(item.toLowerCase()))
}

/** The language that `class` names in the ways of highlighters (`language-js`, `highlight-python`), or an empty string. */
export function codeLanguage(attributes: Attributes): string {
  const language = /(?:^|\s)(?:language|lang|highlight(?:-source)?)-([\w+#.-]{1,30})/.exec(
    attributes['class'] ?? '',
  )?.[1]
  return language === undefined || language === 'default' || language === 'none' ? '' : language
}
