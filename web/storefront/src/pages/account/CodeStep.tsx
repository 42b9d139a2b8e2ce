import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { confirmSignUp, poolOf, resendCode } from '@orderproc/shared'

import { Page, Panel } from '../../parts/Page'
import { Failed, Note } from '../../parts/states'
import { useShop, useTexts } from '../../shop'
import { useNext } from './useNext'

/** The code that was mailed proves the address; then the person is signed in. `sent` tells that it is on its way. */
export function CodeStep({ email, password, sent = false }: { email: string; password: string; sent?: boolean }) {
  const { config, session } = useShop()
  const pool = poolOf(config)
  const t = useTexts()
  const { go } = useNext()
  const [code, setCode] = useState('')
  const [confirmed, setConfirmed] = useState(false)
  const confirm = useMutation({
    mutationFn: async () => {
      // After a failure to sign in the code is used up, and the account is confirmed.
      if (!confirmed) await confirmSignUp(pool, email, code.trim())
      setConfirmed(true)
      await session.signIn(email, password)
    },
    onSuccess: go,
  })
  const again = useMutation({ mutationFn: () => resendCode(pool, email) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!confirm.isPending) confirm.mutate()
  }
  return (
    <Page title={t('code.title')} narrow>
      <Panel>
        <Text>{t(sent || again.isSuccess ? 'code.sent' : 'code.needed', { email })}</Text>
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput label={t('field.code')} inputMode="numeric" autoComplete="one-time-code" required withAsterisk={false} maxLength={10} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
            {confirm.error && <Failed error={confirm.error} />}
            <Button type="submit" loading={confirm.isPending}>
              {t('code.submit')}
            </Button>
          </Stack>
        </form>
        {again.error && <Failed error={again.error} />}
        {again.isSuccess && <Note kind="good">{t('code.again.done')}</Note>}
        <Button variant="subtle" loading={again.isPending} onClick={() => again.mutate()}>
          {t('code.again')}
        </Button>
      </Panel>
    </Page>
  )
}
