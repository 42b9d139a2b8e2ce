// Makes pictures/*.webp, which the API takes, from the drawings beside them: node scripts/pictures.mjs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

import { chromium } from 'playwright-core'

const SIZE = { width: 960, height: 720 }
const folder = new URL('../pictures/', import.meta.url)
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage({ viewport: SIZE })
const devtools = await page.context().newCDPSession(page)
for (const name of readdirSync(folder).filter((file) => file.endsWith('.svg'))) {
  const drawing = readFileSync(new URL(name, folder)).toString('base64')
  await page.setContent(`<body style="margin:0"><img src="data:image/svg+xml;base64,${drawing}" style="width:100vw;height:100vh;object-fit:cover;display:block">`)
  await page.waitForFunction('document.images[0].complete')
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 82 })
  writeFileSync(new URL(name.replace('.svg', '.webp'), folder), Buffer.from(data, 'base64'))
  console.log(name)
}
await browser.close()
