import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { isEmail, poolOf, signUp, useFocusOnWrong } from '@orderproc/shared'
import { LinkTo } from '@orderproc/shared/parts/LinkTo'

import { Page, Panel } from '../../parts/Page'
import { Failed } from '../../parts/states'
import { useShop, useTexts } from '../../shop'
import { CodeStep } from './CodeStep'
import { isStrong } from './password'
import { useNext } from './useNext'

export default function CreateAccount() {
  const { config } = useShop()
  const t = useTexts()
  const { next } = useNext()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [refused, setRefused] = useState(0)
  const create = useMutation({ mutationFn: () => signUp(poolOf(config), email.trim(), password) })
  const form = useFocusOnWrong(refused)
  const wrong = {
    email: refused && !isEmail(email) ? t('field.email.wrong') : undefined,
    password: refused && !isStrong(password) ? t('error.weakPassword') : undefined,
  }

  if (create.isSuccess) return <CodeStep email={email.trim()} password={password} sent />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isEmail(email) || !isStrong(password)) return setRefused((n) => n + 1)
    if (!create.isPending) create.mutate()
  }
  return (
    <Page title={t('create.title')} narrow>
      <Panel>
        <form ref={form} onSubmit={submit} noValidate>
          <Stack gap="md">
            <TextInput label={t('field.email')} type="email" autoComplete="username" required withAsterisk={false} value={email} error={wrong.email} onChange={(event) => setEmail(event.currentTarget.value)} />
            <PasswordInput label={t('field.password')} description={t('create.rules')} autoComplete="new-password" required withAsterisk={false} value={password} error={wrong.password} onChange={(event) => setPassword(event.currentTarget.value)} />
            {create.error && <Failed error={create.error} />}
            <Button type="submit" loading={create.isPending}>
              {t('create.submit')}
            </Button>
          </Stack>
        </form>
      </Panel>
      <Group justify="center" gap="xs">
        <Text size="sm" c="dimmed">
          {t('create.have')}
        </Text>
        <LinkTo to="/sign-in" search={{ next }} size="sm">
          {t('signIn.title')}
        </LinkTo>
      </Group>
    </Page>
  )
}
