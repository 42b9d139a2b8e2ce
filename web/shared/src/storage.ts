import type { Kept } from './session'

/** Where the reader's choice of a language is kept. */
export const LOCALE = 'orderproc.locale'

/** A browser may refuse to keep anything, or be full: then it is kept for as long as the page is open. */
export function storage(find: () => Storage): Kept {
  const memory = new Map<string, string>()
  let real: Storage | null = null
  try {
    real = find()
  } catch {
    real = null
  }
  return {
    getItem: (key) => memory.get(key) ?? real?.getItem(key) ?? null,
    setItem: (key, value) => {
      try {
        if (!real) throw new Error('Nothing is kept')
        real.setItem(key, value)
        memory.delete(key)
      } catch {
        memory.set(key, value)
      }
    },
    removeItem: (key) => {
      memory.delete(key)
      real?.removeItem(key)
    },
  }
}
