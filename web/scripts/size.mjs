// Fails if a first load has more JavaScript than its budget: the entry, and what it imports before anything is shown.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

// Of the page itself, and of what it loads at once though by import(): one language, and for staff the sign-in.
const PAGES = {
  storefront: { budget: 170_000, first: ['index.html', 'src/texts/en.json'] },
  'back office': { budget: 190_000, first: ['admin.html', '../backoffice/src/texts/en.json', '../backoffice/src/pages/signIn/SignIn.tsx'] },
}
/** Loaded when a chart is looked at, and not before. */
const APART = '../backoffice/src/pages/overview/Chart.tsx'

const dist = new URL('../storefront/dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist)))
const gzipped = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length
const sum = (of) => of.reduce((total, file) => total + gzipped(file), 0)
const line = (bytes, text) => console.log(`${String(bytes).padStart(8)}  ${text}`)

function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const imported of manifest[name].imports ?? []) withImports(imported, seen)
  return seen
}

for (const [page, { budget, first }] of Object.entries(PAGES)) {
  const chunks = new Set(first.flatMap((name) => [...withImports(name)]))
  // boot.ts is in no manifest: the page names it.
  const html = readFileSync(new URL(first[0], dist), 'utf8')
  const named = [...html.matchAll(/<script[^>]* src="\.\/([^"]+)"/g)].map(([, file]) => file)
  const files = [...new Set([...named, ...[...chunks].map((name) => manifest[name].file)])].filter((file) => file.endsWith('.js'))
  for (const file of files) line(gzipped(file), file)
  line(sum(files), `bytes of JavaScript of the ${page}, gzipped, of ${budget}`)
  if (sum(files) > budget || chunks.has(APART)) {
    console.error(`The first load of the ${page} is over its budget, or has the charts in it.`)
    process.exitCode = 1
  }
}
const styles = [...new Set(Object.values(manifest).map(({ file }) => file))].filter((file) => file.endsWith('.css'))
line(sum(styles), 'bytes of CSS, gzipped')
