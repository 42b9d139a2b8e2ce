// What stands on a page that there is not, or that broke.
import { Button } from '@mantine/core'
import { type ReactNode } from 'react'

import { useTranslate } from '../i18n'
import { Empty } from './states'

/** An address that is none of ours. `children` lead to one that is. */
export function UnknownAddress({ children }: { children: ReactNode }) {
  const t = useTranslate<'lost.heading' | 'lost.text'>()
  return (
    <Empty title={t('lost.heading')} text={t('lost.text')}>
      {children}
    </Empty>
  )
}

/** A page that failed to load (after a release its file may be gone), or a bug of ours. */
export function BrokenPage({ error }: { error: unknown }) {
  const t = useTranslate<'broken.heading' | 'broken.text' | 'broken.reload'>()
  console.error(error)
  return (
    <Empty title={t('broken.heading')} text={t('broken.text')}>
      <Button onClick={() => window.location.reload()}>{t('broken.reload')}</Button>
    </Empty>
  )
}
