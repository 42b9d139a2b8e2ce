import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['{shared,storefront,backoffice}/{src,plugins}/**/*.test.{ts,tsx}'], environment: 'node', testTimeout: 60_000 },
})
