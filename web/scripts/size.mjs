// Fails if the first load has more JavaScript than the budget: the entry, and what it imports before anything is shown.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET = 170_000
const dist = new URL('../storefront/dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist)))
const gzipped = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length

function withImports(name, seen = new Set()) {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const imported of manifest[name].imports ?? []) withImports(imported, seen)
  return seen
}

// One language is loaded at once, though by import().
const FIRST = ['index.html', 'src/texts/en.json']
const chunks = new Set(FIRST.flatMap((name) => [...withImports(name)]))
// boot.ts is in no manifest: the page names it.
const page = readFileSync(new URL('index.html', dist), 'utf8')
const named = [...page.matchAll(/<script[^>]* src="\.\/([^"]+)"/g)].map(([, file]) => file)
const files = [...new Set([...named, ...[...chunks].map((name) => manifest[name].file)])].filter((file) => file.endsWith('.js'))
const styles = [...new Set(Object.values(manifest).map(({ file }) => file))].filter((file) => file.endsWith('.css'))
const sum = (of) => of.reduce((total, file) => total + gzipped(file), 0)

for (const file of files) console.log(`${String(gzipped(file)).padStart(8)}  ${file}`)
console.log(`${String(sum(files)).padStart(8)}  bytes of JavaScript, gzipped, of ${BUDGET}`)
console.log(`${String(sum(styles)).padStart(8)}  bytes of CSS, gzipped`)
if (sum(files) > BUDGET) {
  console.error('The first load is over its budget.')
  process.exitCode = 1
}
