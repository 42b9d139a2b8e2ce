import { useRouter, useSearch } from '@tanstack/react-router'

/** Where the person was going: always a path of this shop. */
export const pathOf = (next: unknown): string | undefined =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined

export function useNext() {
  const router = useRouter()
  const { next } = useSearch({ strict: false }) as { next?: string }
  return { next, go: () => router.history.replace(pathOf(next) ?? '/') }
}
