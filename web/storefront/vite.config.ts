import { readFileSync } from 'node:fs'

import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core'
import react from '@vitejs/plugin-react'
import { defineConfig, type EnvironmentOptions, type Plugin, type UserConfig } from 'vite'

import { theme } from '../shared/src/theme'
import { scopedName, shell } from './plugins/shell'

const { blue, dark, gray, red, teal, yellow } = DEFAULT_THEME.colors
/** Of Mantine's fourteen colours those that the pages show: each has forty variables. */
const SHOWN = { ...DEFAULT_THEME, colors: { blue, dark, gray, red, teal, yellow } as typeof DEFAULT_THEME.colors }

/** Mantine writes its variables into a style element at run time, which a strict CSP forbids: here they are a file. */
function themeVariables(): Plugin {
  const id = 'virtual:theme.css'
  return {
    name: 'theme-variables',
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load: (loaded) =>
      loaded === `\0${id}`
        ? convertCssVariables(defaultCssVariablesResolver(mergeMantineTheme(SHOWN, theme)), ':root')
        : null,
  }
}

/** In development config.json comes from the file that SHOP_CONFIG names, where there is one: see local/web.py. */
function developmentConfig(): Plugin {
  return {
    name: 'development-config',
    configureServer(server) {
      server.middlewares.use('/config.json', (_request, response, next) => {
        const file = process.env['SHOP_CONFIG']
        if (!file) return next()
        response.setHeader('Content-Type', 'application/json')
        response.end(readFileSync(file))
      })
    },
  }
}

const FOREIGN_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg'

/** Redoc's logo is on a foreign host: the shop's stands there. */
function reference(): Plugin {
  return {
    name: 'reference',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.includes('redoc.standalone')) continue
        const source = Buffer.from(file.source as Uint8Array).toString()
        if (!source.includes(FOREIGN_LOGO)) this.error(`Redoc shows another logo than ${FOREIGN_LOGO}: look for it.`)
        file.source = source.replaceAll(FOREIGN_LOGO, './favicon.svg')
      }
    },
  }
}

const html = (page: string) => ({ input: `${import.meta.dirname}/${page}.html` })

/** Each page is a build of its own, into one folder: otherwise what two of them use becomes chunks of its own, and these carry
 *  what only one of them uses. The storefront comes first: it empties the folder. */
const others = (pages: string[]): Record<string, EnvironmentOptions> =>
  Object.fromEntries(
    pages.map((page) => [
      page,
      { consumer: 'client', build: { manifest: `.vite/${page}.json`, emptyOutDir: false, copyPublicDir: false, rolldownOptions: html(page) } },
    ]),
  )

export default defineConfig(({ command }): UserConfig => ({
  root: import.meta.dirname,
  // Relative: the site also works below a path.
  base: './',
  plugins: [react(), themeVariables(), developmentConfig(), reference(), shell()],
  css: { modules: { generateScopedName: scopedName } },
  server: {
    host: '127.0.0.1',
    port: 5173,
    // The API lets the published site's pages in and no others, so here it is reached by this host.
    proxy: process.env['SHOP_API'] ? { '/api': { target: process.env['SHOP_API'], changeOrigin: true, rewrite: (path) => path.replace(/^\/api/, '') } } : {},
  },
  build: {
    outDir: 'dist',
    manifest: '.vite/index.json',
    modulePreload: { polyfill: false },
    // One style sheet: the pages' own are a few hundred bytes each.
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    // Redoc comes as one file.
    chunkSizeWarningLimit: 1200,
  },
  environments: command === 'build' ? { client: { build: { rolldownOptions: html('index') } }, ...others(['admin', 'api']) } : {},
  builder: {},
}))
