export const LOCALES = ['en', 'nl', 'de', 'fr', 'es'] as const
export type Locale = (typeof LOCALES)[number]

/** The first of the reader's languages that there is; English otherwise. */
export function localeOf(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0]
    const found = LOCALES.find((locale) => locale === language)
    if (found) return found
  }
  return 'en'
}
