import { Failure } from '@orderproc/shared/parts/states'

import { useWords } from './words'

export { Empty, Loading, Note } from '@orderproc/shared/parts/states'

/** What failed, in words for customers, and how to try again. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const words = useWords()
  return <Failure says={words(error)} retry={retry} />
}
