import { useRouter } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'

import type { Person } from '@orderproc/shared'

import { usePerson } from '../shop'
import { Loading } from './states'

/** What is only for customers; others sign in first and come back. */
export function SignedIn({ children }: { children: (person: Person) => ReactNode }) {
  const person = usePerson()
  return person ? children(person) : <ToSignIn />
}

/** Goes there once: the address changes on the way, which must not lead on from there again. */
export function ToSignIn() {
  const router = useRouter()
  useEffect(() => {
    void router.navigate({ to: '/sign-in', search: { next: router.state.location.href }, replace: true })
  }, [router])
  return <Loading />
}
