import { Badge, Button, Checkbox, Group, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import type { Member, Role } from '../../api'
import { useApi, useTexts } from '../../office'
import { Dialog } from '../../parts/Dialog'
import { Panel } from '../../parts/Page'
import { Failed, Loading } from '../../parts/states'
import table from '../../parts/table.module.css'
import { useMe } from '../../parts/useMay'

const KEY = ['staff']
const ROLES: readonly Role[] = ['admin', 'support', 'warehouse', 'finance', 'viewer']

export function Members() {
  const api = useApi()
  const t = useTexts()
  const [inviting, setInviting] = useState(false)
  const { data, error, isPending, refetch } = useQuery({ queryKey: KEY, queryFn: ({ signal }) => api.members(signal) })
  return (
    <Panel
      title={t('staff.title')}
      aside={
        <Button size="sm" onClick={() => setInviting(true)}>
          {t('staff.invite')}
        </Button>
      }
    >
      {isPending && <Loading />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data && (
        <div className={table.frame}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">{t('order.email')}</th>
                <th scope="col">{t('staff.roles')}</th>
                <th scope="col">{t('order.status')}</th>
                <th scope="col">{t('order.actions')}</th>
              </tr>
            </thead>
            <tbody>
              {data.staff.map((member) => (
                <MemberRow key={member.userId} member={member} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {inviting && <Invite close={() => setInviting(false)} />}
    </Panel>
  )
}

function MemberRow({ member }: { member: Member }) {
  const t = useTexts()
  const { data: me } = useMe()
  const [asked, setAsked] = useState<'roles' | 'enabled' | null>(null)
  const { userId, email, roles, enabled, status } = member
  const close = () => setAsked(null)
  return (
    <tr>
      <td data-label={t('order.email')}>{email ?? userId}</td>
      <td data-label={t('staff.roles')}>{roles.map((role) => t(`role.${role}`)).join(', ')}</td>
      <td data-label={t('order.status')}>
        <span>
          <Badge color={!enabled ? 'red' : status === 'INVITED' ? 'gray' : 'pine'} variant="light" tt="none">
            {t(!enabled ? 'staff.disabled' : `staff.${status}`)}
          </Badge>
        </span>
      </td>
      <td data-label={t('order.actions')}>
        {userId !== me?.userId && (
          <Group gap="xs">
            <Button variant="default" size="xs" onClick={() => setAsked('roles')}>
              {t('staff.change')}
            </Button>
            <Button variant="default" size="xs" onClick={() => setAsked('enabled')}>
              {t(enabled ? 'staff.disable' : 'staff.enable')}
            </Button>
          </Group>
        )}
        {asked === 'roles' && <ChangeRoles member={member} close={close} />}
        {asked === 'enabled' && <ChangeEnabled member={member} close={close} />}
      </td>
    </tr>
  )
}

function useChange(act: () => Promise<unknown>, done: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      done()
      void client.invalidateQueries({ queryKey: KEY })
    },
  })
}

function Roles({ chosen, onChange }: { chosen: readonly Role[]; onChange: (roles: Role[]) => void }) {
  const t = useTexts()
  return (
    <Stack gap="xs" role="group" aria-label={t('staff.roles')}>
      {ROLES.map((role) => (
        <Checkbox
          key={role}
          label={t(`role.${role}`)}
          description={t(`role.${role}.may`)}
          checked={chosen.includes(role)}
          onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, role] : chosen.filter((other) => other !== role))}
        />
      ))}
    </Stack>
  )
}

function Invite({ close }: { close: () => void }) {
  const api = useApi()
  const t = useTexts()
  const [email, setEmail] = useState('')
  const [roles, setRoles] = useState<Role[]>(['viewer'])
  const invite = useChange(() => api.invite(email.trim(), roles), close)
  return (
    <Dialog title={t('staff.invite')} text={t('staff.invite.text')} yes={t('staff.invite.yes')} busy={invite.isPending} error={invite.error} onYes={() => invite.mutate()} onNo={close}>
      <TextInput label={t('field.email')} type="email" required withAsterisk={false} autoFocus value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
      <Roles chosen={roles} onChange={setRoles} />
    </Dialog>
  )
}

function ChangeRoles({ member, close }: { member: Member; close: () => void }) {
  const api = useApi()
  const t = useTexts()
  const [roles, setRoles] = useState<Role[]>(member.roles)
  const change = useChange(() => api.setRoles(member.userId, roles), close)
  return (
    <Dialog title={t('staff.change')} text={t('staff.change.text', { email: member.email ?? member.userId })} yes={t('product.save')} busy={change.isPending} error={change.error} onYes={() => change.mutate()} onNo={close}>
      <Roles chosen={roles} onChange={setRoles} />
    </Dialog>
  )
}

function ChangeEnabled({ member, close }: { member: Member; close: () => void }) {
  const api = useApi()
  const t = useTexts()
  const { userId, enabled, email } = member
  const change = useChange(() => api.setEnabled(userId, !enabled), close)
  const name = email ?? userId
  return (
    <Dialog
      title={t(enabled ? 'staff.disable' : 'staff.enable')}
      text={t(enabled ? 'staff.disable.text' : 'staff.enable.text', { email: name })}
      yes={t(enabled ? 'staff.disable' : 'staff.enable')}
      dangerous={enabled}
      busy={change.isPending}
      error={change.error}
      onYes={() => change.mutate()}
      onNo={close}
    />
  )
}
