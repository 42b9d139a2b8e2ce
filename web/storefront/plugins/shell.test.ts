import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { expect, it } from 'vitest'

import { OUTLINES, placeOf } from '../src/boot/pages'
import { outline } from './outline'
import { inOrder, texts } from './shell'

const SOURCES = join(import.meta.dirname, '../src')
const styles = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.module.css'))
const read = (file: string) => readFileSync(join(SOURCES, file), 'utf8')
const shop = readFileSync(join(SOURCES, '../../shared/src/shop.css'), 'utf8')

it('gives no two style sheets of pages the same name, as their class names begin with it', () => {
  expect(styles.map((file) => basename(file))).toEqual([...new Set(styles.map((file) => basename(file)))])
})

it('has an outline that needs no script, no style of its own and takes no focus', () => {
  expect(outline).not.toMatch(/<script|<style|\sstyle=|\shref=|\son\w+=|<button|<input|tabindex/)
  expect(outline).toMatch(/^<div id="shell"[^>]* aria-hidden="true"/)
})

it('uses only classes that the pages have, or shop.css for the outline', () => {
  const used = new Set([...outline.matchAll(/class="([^"]+)"/g)].flatMap(([, names]) => (names ?? '').split(' ')))
  const known = (name: string) => {
    const [sheet, own] = name.split('-', 2)
    const file = styles.find((style) => basename(style) === `${sheet}.module.css`)
    return file ? read(file).includes(`.${own}`) : new RegExp(`\\.shell \\.${name}\\b|^\\.${name}\\b`, 'm').test(shop)
  }

  expect([...used].filter((name) => !known(name))).toEqual([])
})

it('knows every page that the router knows', () => {
  const paths = [...read('router.tsx').matchAll(/path: '([^']+)'/g)].map(([, path]) => (path ?? '').replace(/\$\w+/, '$'))

  expect(Object.keys(OUTLINES).sort()).toEqual(paths.sort())
})

it('names modules of pages as the router does', () => {
  const loaded = [...read('router.tsx').matchAll(/import\('\.\/pages\/([^']+)'\)/g)].map(([, module]) => module)

  expect(Object.values(OUTLINES).flatMap(({ module }) => module ?? []).sort()).toEqual(loaded.sort())
  for (const module of loaded) expect(existsSync(join(SOURCES, `pages/${module}.tsx`))).toBe(true)
})

it.each([
  ['', '/', ''],
  ['#/', '/', ''],
  ['#/products/MOUSE001', '/products/$', 'MOUSE001'],
  ['#/products/A%20B?x=1', '/products/$', 'A%20B'],
  ['#/orders', '/orders', ''],
  ['#/quick-order?order=1', '/quick-order', ''],
])('finds the page of %j', (hash, path, id) => {
  expect(placeOf(hash)).toMatchObject({ path, id })
})

it('puts the small script and the style sheet before the scripts of the shop, which are less urgent', () => {
  const built = '<head>\n    <script type="module" crossorigin src="./a.js"></script>\n    <link rel="modulepreload" href="./b.js">\n    <link rel="stylesheet" href="./c.css">\n</head>'
  const html = inOrder(built, 'boot.js')

  expect([...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file]) => file)).toEqual(['boot.js', 'c.css', 'a.js', 'b.js'])
  expect(html.match(/<[^>]*fetchpriority="low"[^>]*>/g)?.map((tag) => /\w\.\w+/.exec(tag)?.[0])).toEqual(['a.js', 'b.js'])
  expect(() => inOrder('<head></head>', 'boot.js')).toThrow()
})

it('has all of its texts in every language', () => {
  const all = Object.entries(texts()).flatMap(([locale, found]) => Object.entries(found).map(([key, text]) => [locale, key, text]))

  expect(all.filter(([, , text]) => !text)).toEqual([])
  expect(all.length).toBeGreaterThan(50)
})
