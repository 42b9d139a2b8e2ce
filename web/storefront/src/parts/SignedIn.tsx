import { Navigate, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import type { Person } from '@orderproc/shared'

import { usePerson } from '../shop'

/** What is only for customers; others sign in first and come back. */
export function SignedIn({ children }: { children: (person: Person) => ReactNode }) {
  const person = usePerson()
  const { href } = useLocation()
  return person ? children(person) : <Navigate to="/sign-in" search={{ next: href }} replace />
}
