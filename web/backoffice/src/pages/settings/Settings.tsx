import { useTexts } from '../../office'
import { Page } from '../../parts/Page'
import { useMay } from '../../parts/useMay'
import { Members } from './Members'
import { Partners } from './Partners'

/** Who may do what: staff with their roles, partners with their keys. */
export default function Settings() {
  const t = useTexts()
  const may = useMay()
  return (
    <Page title={t('nav.settings')}>
      {may('roles') && <Members />}
      {may('partners') && <Partners />}
    </Page>
  )
}
