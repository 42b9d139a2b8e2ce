import type { ErrorComponentProps } from '@tanstack/react-router'

import { ButtonTo } from '@orderproc/shared/parts/LinkTo'
import { BrokenPage, UnknownAddress } from '@orderproc/shared/parts/lost'

import { useTexts } from '../office'
import { Page } from './Page'

export function Lost() {
  const t = useTexts()
  return (
    <Page title={t('lost.title')}>
      <UnknownAddress>
        <ButtonTo to="/orders">{t('nav.orders')}</ButtonTo>
      </UnknownAddress>
    </Page>
  )
}

export function Broken({ error }: ErrorComponentProps) {
  const t = useTexts()
  return (
    <Page title={t('broken.title')}>
      <BrokenPage error={error} />
    </Page>
  )
}
