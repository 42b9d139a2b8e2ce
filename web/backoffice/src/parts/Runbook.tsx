import { useTexts } from '../office'

/** A link to a page of the runbooks; where the stage does not say where they are (RUNBOOK_URL), the name of its file. */
export function Runbook({ at }: { at: string }) {
  const t = useTexts()
  return /^https?:/.test(at) ? (
    <a href={at} target="_blank" rel="noopener noreferrer">
      {t('runbook')}
    </a>
  ) : (
    <code>{at}</code>
  )
}
