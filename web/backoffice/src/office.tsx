import { createContext, useContext, useSyncExternalStore } from 'react'

import { useTranslate, type Config, type Kept, type Person, type Session } from '@orderproc/shared'

import type { Api } from './api'
import type en from './texts/en.json'

/** What every page may use. */
export interface Office {
  config: Config
  session: Session
  api: Api
  /** Stays on this device. */
  device: Kept
}

const Context = createContext<Office | null>(null)
export const OfficeProvider = Context

export function useOffice(): Office {
  const office = useContext(Context)
  if (!office) throw new Error('There is no OfficeProvider around this')
  return office
}

export const useApi = (): Api => useOffice().api

/** Who is signed in, if anyone. */
export function usePerson(): Person | null {
  const { session } = useOffice()
  return useSyncExternalStore(session.subscribe, () => session.person)
}

type Plural<Key> = Key extends `${infer Base}.other` ? Base : never
export type Text = keyof typeof en | Plural<keyof typeof en>

/** The texts of the reader's language. */
export const useTexts = () => useTranslate<Text>()
