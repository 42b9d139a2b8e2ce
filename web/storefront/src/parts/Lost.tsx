import { Button } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'

import { ButtonTo } from '@orderproc/shared/parts/LinkTo'

import { useTexts } from '../shop'
import { Page } from './Page'
import { Empty } from './states'

/** An address that is none of ours. */
export function Lost() {
  const t = useTexts()
  return (
    <Page title={t('lost.title')}>
      <Empty title={t('lost.heading')} text={t('lost.text')}>
        <ButtonTo to="/">{t('lost.home')}</ButtonTo>
      </Empty>
    </Page>
  )
}

/** A page that failed to load (after a release its file may be gone), or a bug of ours. */
export function Broken({ error }: ErrorComponentProps) {
  const t = useTexts()
  console.error(error)
  return (
    <Page title={t('broken.title')}>
      <Empty title={t('broken.heading')} text={t('broken.text')}>
        <Button onClick={() => window.location.reload()}>{t('broken.reload')}</Button>
      </Empty>
    </Page>
  )
}
