// Writes the API's types from its OpenAPI document; with --check, fails if those in the tree are stale.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const python = process.env.PYTHON ?? (existsSync(`${root}.venv/bin/python`) ? `${root}.venv/bin/python` : 'python3')
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: 'inherit' })

run(python, '-m', 'tools.write_openapi', '.build/openapi.json')
try {
  run(
    `${root}web/node_modules/.bin/openapi-typescript`,
    '.build/openapi.json',
    '--output', 'web/shared/src/api.generated.ts',
    '--alphabetize',
    // What has a default may be left out of what is sent.
    '--default-non-nullable', 'false',
    ...process.argv.slice(2),
  )
} catch {
  console.error('The types of the API are stale: run `npm run types` in web/ and commit what it writes.')
  process.exitCode = 1
}
