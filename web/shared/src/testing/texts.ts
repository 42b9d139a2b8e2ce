import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { LOCALES, type Locale } from '../locale'

type Load = (locale: Locale) => Promise<Record<string, string>>

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

const SHARED = join(import.meta.dirname, '../parts')

const codeIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')

/** The tests of an app's texts, whose pages lie in `source`: none lacks in a language, none is there for no page. */
export async function textsHold(loadTexts: Load, source: string): Promise<void> {
  const english = await loadTexts('en')

  it.each(LOCALES.filter((locale) => locale !== 'en'))('%s has every text of English, no other, none empty', async (locale) => {
    const texts = await loadTexts(locale)

    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort())
    expect(Object.entries(texts).filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it.each(LOCALES)('%s fills in what English does', async (locale) => {
    for (const [key, text] of Object.entries(await loadTexts(locale))) {
      expect([key, places(text)]).toEqual([key, places(english[key] ?? '')])
    }
  })

  it('has no text that no page shows', () => {
    const code = [source, SHARED].map(codeIn).join('\n')
    // Some keys are put together: status.${…}, failure.${…}.
    const built = [...code.matchAll(/[`']([a-zA-Z.]+\.)\$\{/g)].map(([, start]) => start ?? '')
    const isUsed = (key: string) =>
      code.includes(`'${key}'`) || code.includes(`'${key.replace(/\.(one|other)$/, '')}'`) || built.some((start) => key.startsWith(start))

    expect(Object.keys(english).filter((key) => !isUsed(key))).toEqual([])
  })
}
