import { Button, Code, Group, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { Time } from '@orderproc/shared/parts/Time'

import type { NewKey, Partner } from '../../api'
import { useApi, useTexts } from '../../office'
import { Dialog } from '../../parts/Dialog'
import { Panel } from '../../parts/Page'
import { Empty, Failed, Loading, Note } from '../../parts/states'
import classes from './Partners.module.css'

const KEY = ['partners']

export function Partners() {
  const api = useApi()
  const t = useTexts()
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<NewKey | null>(null)
  const { data, error, isPending, refetch } = useQuery({ queryKey: KEY, queryFn: ({ signal }) => api.partners(signal) })
  return (
    <Panel
      title={t('partners.title')}
      aside={
        <Button size="sm" onClick={() => setAdding(true)}>
          {t('partners.add')}
        </Button>
      }
    >
      {made && (
        <Note kind="good" title={t('partners.made', { name: made.name })}>
          <Code className={classes.key}>{made.key}</Code>
          <Text size="sm">{t('partners.once')}</Text>
        </Note>
      )}
      {isPending && <Loading />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data?.partners.length === 0 && <Empty title={t('partners.empty.title')} text={t('partners.empty.text')} />}
      {data?.partners.map((partner) => (
        <One key={partner.partnerId} partner={partner} onMade={setMade} />
      ))}
      {adding && <Add close={() => setAdding(false)} onMade={setMade} />}
    </Panel>
  )
}

function useChange<T>(act: () => Promise<T>, done: (answer: T) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: (answer) => {
      done(answer)
      void client.invalidateQueries({ queryKey: KEY })
    },
  })
}

function One({ partner, onMade }: { partner: Partner; onMade: (made: NewKey) => void }) {
  const t = useTexts()
  const [rotating, setRotating] = useState(false)
  const { partnerId, name, keys } = partner
  return (
    <div className={classes.partner}>
      <div className={classes.head}>
        <span>
          <strong>{name}</strong> <Text span c="dimmed" size="sm">{partnerId}</Text>
        </span>
        <Button variant="default" size="xs" onClick={() => setRotating(true)}>
          {t('partners.rotate')}
        </Button>
      </div>
      <ul className={classes.keys}>
        {keys.map((key) => (
          <PartnersKey key={key.keyId} partner={partner} shown={key} />
        ))}
      </ul>
      {rotating && <Rotate partner={partner} close={() => setRotating(false)} onMade={onMade} />}
    </div>
  )
}

function PartnersKey({ partner, shown }: { partner: Partner; shown: Partner['keys'][number] }) {
  const api = useApi()
  const t = useTexts()
  const [asking, setAsking] = useState(false)
  const { keyId, enabled, createdAt, endsAt } = shown
  const revoke = useChange(() => api.revokeKey(partner.partnerId, keyId), () => setAsking(false))
  return (
    <li>
      <span>
        <Code>{keyId}</Code> <Time at={createdAt} />{' '}
        <Text span size="sm" c="dimmed">
          {!enabled ? t('partners.revoked') : endsAt ? t('partners.ends') : ''} {enabled && endsAt && <Time at={endsAt} />}
        </Text>
      </span>
      {enabled && (
        <Group>
          <Button variant="light" color="red" size="xs" onClick={() => setAsking(true)} aria-label={t('partners.revokeOf', { key: keyId })}>
            {t('partners.revoke')}
          </Button>
        </Group>
      )}
      {asking && (
        <Dialog title={t('partners.revoke')} text={t('partners.revoke.text', { name: partner.name })} yes={t('partners.revoke')} dangerous busy={revoke.isPending} error={revoke.error} onYes={() => revoke.mutate()} onNo={() => setAsking(false)} />
      )}
    </li>
  )
}

function Rotate({ partner, close, onMade }: { partner: Partner; close: () => void; onMade: (made: NewKey) => void }) {
  const api = useApi()
  const t = useTexts()
  const [hours, setHours] = useState('24')
  const rotate = useChange(
    () => api.newKey(partner.partnerId, Number(hours)),
    (made) => {
      onMade(made)
      close()
    },
  )
  return (
    <Dialog title={t('partners.rotate')} text={t('partners.rotate.text', { name: partner.name })} yes={t('partners.rotate.yes')} busy={rotate.isPending} error={rotate.error} onYes={() => rotate.mutate()} onNo={close}>
      <TextInput label={t('partners.hours')} type="number" min={0} max={720} required withAsterisk={false} value={hours} onChange={(event) => setHours(event.currentTarget.value)} />
    </Dialog>
  )
}

function Add({ close, onMade }: { close: () => void; onMade: (made: NewKey) => void }) {
  const api = useApi()
  const t = useTexts()
  const [partnerId, setPartnerId] = useState('')
  const [name, setName] = useState('')
  const add = useChange(
    () => api.addPartner(partnerId.trim(), name.trim()),
    (made) => {
      onMade(made)
      close()
    },
  )
  return (
    <Dialog title={t('partners.add')} text={t('partners.add.text')} yes={t('partners.add.yes')} busy={add.isPending} error={add.error} onYes={() => add.mutate()} onNo={close}>
      <TextInput label={t('partners.id')} required withAsterisk={false} autoFocus value={partnerId} onChange={(event) => setPartnerId(event.currentTarget.value)} />
      <TextInput label={t('product.name')} required withAsterisk={false} maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
    </Dialog>
  )
}
