import { Problem } from '@orderproc/shared'
import { Failure } from '@orderproc/shared/parts/states'

import classes from './states.module.css'
import { useWords } from './words'

export { Empty, Loading, Note } from '@orderproc/shared/parts/states'

/** What failed, why by the API's own words, and how to try again. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const words = useWords()
  const fields = error instanceof Problem ? error.errors : []
  return (
    <Failure says={words(error)} retry={retry}>
      {fields.length > 0 && (
        <ul className={classes.fields}>
          {fields.map(({ field, message }) => (
            <li key={`${field} ${message}`}>
              {field}: {message}
            </li>
          ))}
        </ul>
      )}
    </Failure>
  )
}
