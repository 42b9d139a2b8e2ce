import type { Locale } from '@orderproc/shared'
import type { Texts } from '@orderproc/shared/parts/Frame'

const LOADERS: Record<Locale, () => Promise<{ default: Texts }>> = {
  en: () => import('./en.json'),
  nl: () => import('./nl.json'),
  de: () => import('./de.json'),
  fr: () => import('./fr.json'),
  es: () => import('./es.json'),
}

/** One language is loaded at a time. */
export async function loadTexts(locale: Locale): Promise<Texts> {
  return (await LOADERS[locale]()).default
}
