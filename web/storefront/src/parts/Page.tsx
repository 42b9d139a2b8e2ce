import { Title } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'

import { useShop } from '../shop'
import classes from './Page.module.css'

/** A page's heading, and its name in the browser's tab. */
export function Page({ title, aside, narrow = false, children }: { title: string; aside?: ReactNode; narrow?: boolean; children: ReactNode }) {
  const { config } = useShop()
  const shop = config.shopName ?? 'Shop'
  useEffect(() => {
    document.title = `${title} – ${shop}`
  }, [title, shop])
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

/** A column of content with another beside it on wide screens, below it on narrow ones, where `after` comes last. */
export function Columns({ children, side, after }: { children: ReactNode; side: ReactNode; after?: ReactNode }) {
  return (
    <div className={classes.columns}>
      <div className={classes.stack}>{children}</div>
      <aside className={classes.side}>{side}</aside>
      {after && <div className={classes.after}>{after}</div>}
    </div>
  )
}

export function Panel({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className={classes.panel}>
      {title && (
        <Title order={2} size="h4">
          {title}
        </Title>
      )}
      {children}
    </section>
  )
}
