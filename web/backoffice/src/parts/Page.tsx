import { Title } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'

import { useTexts } from '../office'
import classes from './Page.module.css'

/** A page's heading, and its name in the browser's tab. */
export function Page({ title, aside, narrow = false, children }: { title: string; aside?: ReactNode; narrow?: boolean; children: ReactNode }) {
  const t = useTexts()
  const office = t('office.name')
  useEffect(() => {
    document.title = `${title} – ${office}`
  }, [title, office])
  return (
    <div className={narrow ? classes.narrow : classes.page}>
      <header className={classes.head}>
        <Title order={1}>{title}</Title>
        {aside}
      </header>
      {children}
    </div>
  )
}

/** A column of content with another beside it on wide screens, below it on narrow ones. */
export function Columns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className={classes.columns}>
      <div className={classes.stack}>{children}</div>
      <aside className={classes.stack}>{side}</aside>
    </div>
  )
}

export function Panel({ title, aside, children }: { title?: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.panel}>
      {title && (
        <div className={classes.head}>
          <Title order={2} size="h4">
            {title}
          </Title>
          {aside}
        </div>
      )}
      {children}
    </section>
  )
}

/** What a thing is called beside what it is; a fact that is missing is left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}
