import type { Person } from '@orderproc/shared'

/** Whether the API may let this person in: it decides itself with each request. Customers are in no group. */
export const isStaff = (person: Person): boolean => person.groups.length > 0
