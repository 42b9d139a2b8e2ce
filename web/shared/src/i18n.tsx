import { createContext, useContext, type ReactNode } from 'react'

import type { Locale } from './locale'

export type Values = Record<string, string | number>

/** Fills `{name}` in a text. With `count`, the text is chosen by the language's plural: `key.one`, `key.other`. */
export function translate(texts: Record<string, string>, locale: Locale, key: string, values: Values = {}): string {
  const count = values['count']
  const plural = typeof count === 'number' ? `${key}.${new Intl.PluralRules(locale).select(count)}` : key
  const text = texts[plural] ?? texts[`${key}.other`] ?? texts[key] ?? key
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? value.toLocaleString(locale) : value
  })
}

interface Language {
  locale: Locale
  texts: Record<string, string>
  choose: (locale: Locale) => void
}

const Context = createContext<Language>({ locale: 'en', texts: {}, choose: () => undefined })

export function LanguageProvider({ value, children }: { value: Language; children: ReactNode }) {
  return <Context value={value}>{children}</Context>
}

export const useLanguage = () => useContext(Context)

/** `key` of a text, or of one with plurals (`key.one`, `key.other`). */
export type Translate<Key extends string> = (key: Key, values?: Values) => string

export function useTranslate<Key extends string>(): Translate<Key> {
  const { locale, texts } = useContext(Context)
  return (key, values) => translate(texts, locale, key, values)
}
