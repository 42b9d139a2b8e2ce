import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

import { build, type Plugin, type Rolldown } from 'vite'

import { LOCALES } from '../../shared/src/locale'
import { OUTLINES } from '../src/boot/pages'
import { outline } from './outline'

const SOURCES = `${import.meta.dirname}/../src`

/** `Layout-header` for `.header` of Layout.module.css: names that outline.ts can know. The back office has a Layout, too. */
export const scopedName = (name: string, file: string): string =>
  `${file.includes('/backoffice/') ? 'Office' : ''}${basename(file.replace(/\?.*$/, ''), '.module.css')}-${name}`

/** The outline and boot.ts in index.html, when it is built. */
export function shell(): Plugin {
  return {
    name: 'shell',
    apply: 'build',
    enforce: 'post',
    applyToEnvironment: ({ name }) => name === 'client',
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { path }) => (path.endsWith('/index.html') ? html.replace('<div id="root"></div>', `<div id="root">${outline}</div>`) : html),
    },
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const page = bundle['index.html']
        if (page?.type !== 'asset') return this.error('index.html was not built')
        const script = await boot(bundle)
        const fileName = `assets/boot-${createHash('sha256').update(script).digest('base64url').slice(0, 8)}.js`
        this.emitFile({ type: 'asset', fileName, source: script })
        page.source = inOrder(String(page.source), fileName)
      },
    },
  }
}

/** What the outline needs comes first: boot.ts, which would wait for a style sheet before it, then the style sheet, then the
 *  shop's own scripts. These have a low priority, so that they take no line from the style sheet, products and pictures. */
export function inOrder(html: string, bootFile: string): string {
  const sheet = /\n *<link rel="stylesheet"[^>]*>/.exec(html)?.[0] ?? ''
  const start = html.indexOf('<script type="module"')
  if (!sheet || start < 0) throw new Error('index.html lacks its style sheet or its script')
  const before = html.slice(0, start) + `<script src="./${bootFile}"></script>${sheet}\n    `
  return before + html.slice(start).replace(sheet, '').replace(/<(script type="module"|link rel="modulepreload")/g, '<$1 fetchpriority="low"')
}

async function boot(bundle: Rolldown.OutputBundle): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    define: { __TEXTS__: JSON.stringify(texts()), __CHUNKS__: JSON.stringify(chunks(bundle)) },
    build: { write: false, modulePreload: false, rolldownOptions: { input: `${SOURCES}/boot/boot.ts`, output: { format: 'iife' } } },
  })) as Rolldown.RolldownOutput
  return built.output[0].code
}

/** Of each language what the outline shows: read from it, and from the pages' headings. */
export function texts(): Record<string, Record<string, string>> {
  const shown = [...outline.matchAll(/data-text="([^"]+)"/g)].map(([, key]) => key ?? '')
  const titles = Object.values(OUTLINES).flatMap(({ title }) => title ?? [])
  const keys = [...new Set([...shown, ...titles, 'footer.text'])]
  const all = (locale: string) => JSON.parse(readFileSync(`${SOURCES}/texts/${locale}.json`, 'utf8')) as Record<string, string>
  return Object.fromEntries(LOCALES.map((locale) => [locale, Object.fromEntries(keys.map((key) => [key, all(locale)[key] ?? '']))]))
}

/** The files of each language and page that index.html does not load anyhow. */
function chunks(bundle: Rolldown.OutputBundle): Record<string, string[]> {
  const all = Object.values(bundle).filter((file) => file.type === 'chunk')
  const withImports = (fileName: string, found = new Set<string>()): Set<string> => {
    if (found.has(fileName)) return found
    found.add(fileName)
    for (const imported of all.find((chunk) => chunk.fileName === fileName)?.imports ?? []) withImports(imported, found)
    return found
  }
  const of = (module: string) => {
    const chunk = all.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/storefront/src/${module}`))
    if (!chunk) throw new Error(`${module} has no chunk of its own`)
    return withImports(chunk.fileName)
  }
  const entry = all.find(({ isEntry, facadeModuleId }) => isEntry && facadeModuleId?.endsWith('/index.html'))
  const first = withImports(entry?.fileName ?? '')
  const later = (module: string) => [...of(module)].filter((file) => !first.has(file))
  const pages = Object.entries(OUTLINES).flatMap(([path, { module }]) => (module ? [[path, later(`pages/${module}.tsx`)] as const] : []))
  return Object.fromEntries([...LOCALES.map((locale) => [locale, later(`texts/${locale}.json`)] as const), ...pages])
}
