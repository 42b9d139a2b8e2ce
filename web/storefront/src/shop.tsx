import { createContext, useContext, useSyncExternalStore } from 'react'

import { type Config, type Kept, type Person, type Session, useTranslate } from '@orderproc/shared'

import type { Api } from './api'
import type { GuestCart } from './guestCart'
import type en from './texts/en.json'

/** What every page may use. */
export interface Shop {
  config: Config
  session: Session
  api: Api
  guestCart: GuestCart
  /** Ends with the tab. */
  tab: Kept
  /** Stays on this device. */
  device: Kept
}

const Context = createContext<Shop | null>(null)
export const ShopProvider = Context

export function useShop(): Shop {
  const shop = useContext(Context)
  if (!shop) throw new Error('There is no ShopProvider around this')
  return shop
}

export const useApi = (): Api => useShop().api

/** Who is signed in; null for a guest. */
export function usePerson(): Person | null {
  const { session } = useShop()
  return useSyncExternalStore(session.subscribe, () => session.person)
}

type Plural<Key> = Key extends `${infer Base}.other` ? Base : never
export type Text = keyof typeof en | Plural<keyof typeof en>

/** The texts of the reader's language. */
export const useTexts = () => useTranslate<Text>()
