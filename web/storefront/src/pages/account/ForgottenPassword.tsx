import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { confirmForgotPassword, forgotPassword, poolOf } from '@orderproc/shared'
import { LinkTo } from '@orderproc/shared/parts/LinkTo'

import { Page, Panel } from '../../parts/Page'
import { Failed } from '../../parts/states'
import { useShop, useTexts } from '../../shop'
import { isStrong } from './password'
import { useNext } from './useNext'

export default function ForgottenPassword() {
  const { config } = useShop()
  const t = useTexts()
  const { next } = useNext()
  const [email, setEmail] = useState('')
  const ask = useMutation({ mutationFn: () => forgotPassword(poolOf(config), email.trim()) })
  if (ask.isSuccess) return <NewPassword email={email.trim()} />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!ask.isPending) ask.mutate()
  }
  return (
    <Page title={t('forgotten.title')} narrow>
      <Panel>
        <Text>{t('forgotten.text')}</Text>
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput label={t('field.email')} type="email" autoComplete="username" required withAsterisk={false} value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
            {ask.error && <Failed error={ask.error} />}
            <Button type="submit" loading={ask.isPending}>
              {t('forgotten.submit')}
            </Button>
          </Stack>
        </form>
        <Text size="sm" ta="center">
          <LinkTo to="/sign-in" search={{ next }}>
            {t('forgotten.back')}
          </LinkTo>
        </Text>
      </Panel>
    </Page>
  )
}

function NewPassword({ email }: { email: string }) {
  const { config, session } = useShop()
  const t = useTexts()
  const { go } = useNext()
  const [code, setCode] = useState('')
  const [password, setPassword] = useState('')
  const [refused, setRefused] = useState(false)
  const change = useMutation({
    mutationFn: async () => {
      await confirmForgotPassword(poolOf(config), email, code.trim(), password)
      await session.signIn(email, password)
    },
    onSuccess: go,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isStrong(password)) return setRefused(true)
    if (!change.isPending) change.mutate()
  }
  return (
    <Page title={t('forgotten.new.title')} narrow>
      <Panel>
        <Text>{t('forgotten.sent', { email })}</Text>
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput label={t('field.code')} inputMode="numeric" autoComplete="one-time-code" required withAsterisk={false} maxLength={10} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
            <PasswordInput label={t('field.newPassword')} description={t('create.rules')} autoComplete="new-password" required withAsterisk={false} value={password} error={refused && !isStrong(password) ? t('error.weakPassword') : undefined} onChange={(event) => setPassword(event.currentTarget.value)} />
            {change.error && <Failed error={change.error} />}
            <Button type="submit" loading={change.isPending}>
              {t('forgotten.new.submit')}
            </Button>
          </Stack>
        </form>
      </Panel>
    </Page>
  )
}
