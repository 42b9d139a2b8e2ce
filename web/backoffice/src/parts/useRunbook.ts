import { useQuery } from '@tanstack/react-query'

import { useApi } from '../office'

/** Milliseconds between two looks at what changes by itself. */
export const AGAIN = 30_000

export const useAlarms = () => {
  const api = useApi()
  return useQuery({ queryKey: ['alarms'], queryFn: ({ signal }) => api.alarms(signal), refetchInterval: AGAIN })
}

/** Where a page of the runbooks is: beside those that the alarms name. */
export function useRunbook(): (page: string) => string {
  const { data } = useAlarms()
  const known = data?.alarms.find(({ runbook }) => runbook)?.runbook ?? 'docs/runbooks/README.md'
  const folder = known.slice(0, known.lastIndexOf('/'))
  return (page) => `${folder}/${page}.md`
}
