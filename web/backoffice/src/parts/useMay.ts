import { useQuery } from '@tanstack/react-query'

import type { Permission } from '../api'
import { useApi, usePerson } from '../office'

/** Who is signed in, with what the API lets them do; a changed role is known after the next sign-in. */
export function useMe() {
  const api = useApi()
  const person = usePerson()
  return useQuery({
    queryKey: ['me', person?.sub, String(person?.groups)],
    queryFn: ({ signal }) => api.me(signal),
    enabled: person !== null,
    staleTime: Infinity,
  })
}

/** Whether the role of who is signed in allows it. What it does not allow is not offered. */
export function useMay(): (permission: Permission) => boolean {
  const { data } = useMe()
  return (permission) => data?.permissions.includes(permission) ?? false
}
