// Fails if the first load of a page has more JavaScript than its budget. It counts as Lighthouse does in `python -m bench.site`:
// all scripts that the page asks for by itself, with the headers of their answers.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const SHOP = { build: 'index', budget: 170_000 }
const OFFICE = { build: 'admin', budget: 190_000 }
// Beside the page's own scripts: what it asks for at once, though by import().
const PAGES = {
  catalogue: { ...SHOP, first: ['src/texts/en.json'] },
  product: { ...SHOP, first: ['src/texts/en.json', 'src/pages/product/Product.tsx'] },
  'quick order': { ...SHOP, first: ['src/texts/en.json', 'src/pages/quickOrder/QuickOrder.tsx'] },
  'back office': { ...OFFICE, first: ['../backoffice/src/texts/en.json', '../backoffice/src/pages/signIn/SignIn.tsx'] },
}
/** Loaded when a chart is looked at, and not before. */
const APART = '../backoffice/src/pages/overview/Chart.tsx'
/** Bytes of the headers of one answer, most of them the content security policy. */
const HEADERS = 560

const dist = new URL('../storefront/dist/', import.meta.url)
const read = (file) => readFileSync(new URL(file, dist))
const manifestOf = (build) => JSON.parse(read(`.vite/${build}.json`))
const sent = (file) => gzipSync(read(file), { level: 9 }).length + HEADERS
const sum = (of) => of.reduce((total, file) => total + sent(file), 0)
const line = (bytes, text) => console.log(`${String(bytes).padStart(8)}  ${text}`)

function withImports(manifest, name, seen = new Set()) {
  if (!seen.has(name)) {
    seen.add(name)
    for (const imported of manifest[name].imports ?? []) withImports(manifest, imported, seen)
  }
  return seen
}

for (const [page, { build, budget, first }] of Object.entries(PAGES)) {
  const manifest = manifestOf(build)
  const chunks = new Set([`${build}.html`, ...first].flatMap((name) => [...withImports(manifest, name)]))
  // boot.ts is in no manifest: the page names it.
  const named = [...read(`${build}.html`).toString().matchAll(/<script[^>]* src="\.\/([^"]+)"/g)].map(([, file]) => file)
  const files = [...new Set([...named, ...[...chunks].map((name) => manifest[name].file)])].filter((file) => file.endsWith('.js'))
  for (const file of files) line(sent(file), file)
  line(sum(files), `bytes of JavaScript of the ${page}, gzipped, of ${budget}`)
  if (sum(files) > budget || chunks.has(APART)) {
    console.error(`The first load of the ${page} is over its budget, or has the charts in it.`)
    process.exitCode = 1
  }
  const styles = [...new Set(Object.values(manifest).map(({ file }) => file))].filter((file) => file.endsWith('.css'))
  line(sum(styles), 'bytes of CSS, gzipped')
}
