import { useEffect, useRef } from 'react'

/** After a form was refused, the first field that is wrong gets the focus. `refused` changes with each refusal. */
export function useFocusOnWrong(refused: unknown) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (refused) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [refused])
  return form
}

/** HTML's own idea of an address, with a domain that has a dot, as the API asks. */
export const isEmail = (text: string) => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text.trim())
