import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { CognitoError } from '@orderproc/shared'
import { LinkTo } from '@orderproc/shared/parts/LinkTo'

import { Page, Panel } from '../../parts/Page'
import { Failed } from '../../parts/states'
import { useShop, useTexts } from '../../shop'
import { CodeStep } from './CodeStep'
import { useNext } from './useNext'

export default function SignIn() {
  const { session } = useShop()
  const t = useTexts()
  const { next, go } = useNext()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({ mutationFn: () => session.signIn(email.trim(), password), onSuccess: go })
  const { error } = signIn

  if (error instanceof CognitoError && error.code === 'UserNotConfirmedException') {
    return <CodeStep email={email.trim()} password={password} />
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!signIn.isPending) signIn.mutate()
  }
  return (
    <Page title={t('signIn.title')} narrow>
      <Panel>
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput label={t('field.email')} type="email" autoComplete="username" required withAsterisk={false} value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
            <PasswordInput label={t('field.password')} autoComplete="current-password" required withAsterisk={false} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
            {error && <Failed error={error} />}
            <Button type="submit" loading={signIn.isPending}>
              {t('signIn.submit')}
            </Button>
          </Stack>
        </form>
        <Text size="sm" ta="center">
          <LinkTo to="/forgotten-password" search={{ next }}>
            {t('signIn.forgotten')}
          </LinkTo>
        </Text>
      </Panel>
      <Group justify="center" gap="xs">
        <Text size="sm" c="dimmed">
          {t('signIn.new')}
        </Text>
        <LinkTo to="/create-account" search={{ next }} size="sm">
          {t('create.title')}
        </LinkTo>
      </Group>
    </Page>
  )
}
