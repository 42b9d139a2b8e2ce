import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'

import { Challenge, type Person } from '@orderproc/shared'

import { useOffice, usePerson, useTexts } from '../../office'
import { Page, Panel } from '../../parts/Page'
import { Failed, Note } from '../../parts/states'

/** What Cognito may ask for after the password, by its names. */
const ANSWERS: Record<string, string> = { SOFTWARE_TOKEN_MFA: 'SOFTWARE_TOKEN_MFA_CODE', NEW_PASSWORD_REQUIRED: 'NEW_PASSWORD' }

export default function SignIn() {
  const { session } = useOffice()
  const t = useTexts()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [asked, setAsked] = useState<Challenge | null>(null)
  const [typed, setTyped] = useState('')
  const stranger = usePerson()
  const signIn = useMutation({
    mutationFn: (): Promise<Person> =>
      asked ? session.answer(email.trim(), asked, { [ANSWERS[asked.code] ?? '']: typed.trim() }) : session.signIn(email.trim(), password),
    onError: (error) => {
      if (!(error instanceof Challenge) || !(error.code in ANSWERS)) return
      setAsked(error)
      setTyped('')
    },
  })
  const { error } = signIn
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!signIn.isPending) signIn.mutate()
  }
  return (
    <Page title={t('signIn.title')} narrow>
      {session.ended && !stranger && <Note kind="warning">{t('signIn.ended')}</Note>}
      <Panel>
        <form onSubmit={submit}>
          <Stack gap="md">
            {asked ? (
              <Asked name={asked.code} value={typed} onChange={setTyped} />
            ) : (
              <>
                <TextInput label={t('field.email')} type="email" autoComplete="username" required withAsterisk={false} value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
                <PasswordInput label={t('field.password')} autoComplete="current-password" required withAsterisk={false} value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
              </>
            )}
            {stranger && !signIn.isPending && <Note kind="bad">{t('signIn.noStaff')}</Note>}
            {error && !(error instanceof Challenge && error === asked) && <Failed error={error} />}
            <Button type="submit" loading={signIn.isPending}>
              {t('signIn.submit')}
            </Button>
          </Stack>
        </form>
      </Panel>
      <Text size="sm" c="dimmed" ta="center">
        {t('signIn.who')}
      </Text>
    </Page>
  )
}

/** The code of the authenticator app, or the password that replaces the one that was mailed. */
function Asked({ name, value, onChange }: { name: string; value: string; onChange: (typed: string) => void }) {
  const t = useTexts()
  return name === 'NEW_PASSWORD_REQUIRED' ? (
    <PasswordInput label={t('field.newPassword')} description={t('signIn.rules')} autoComplete="new-password" required withAsterisk={false} autoFocus value={value} onChange={(event) => onChange(event.currentTarget.value)} />
  ) : (
    <TextInput label={t('field.code')} description={t('signIn.code')} inputMode="numeric" autoComplete="one-time-code" required withAsterisk={false} autoFocus value={value} onChange={(event) => onChange(event.currentTarget.value)} />
  )
}
