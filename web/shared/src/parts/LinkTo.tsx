import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import { forwardRef, type AnchorHTMLAttributes } from 'react'

type Native<Own> = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Own>

/** A link within the pages. */
export const LinkTo = createLink(
  forwardRef<HTMLAnchorElement, AnchorProps & Native<AnchorProps>>(function LinkTo(props, ref) {
    return <Anchor ref={ref} underline="always" {...props} />
  }),
)

/** A link that looks like a button. */
export const ButtonTo = createLink(
  forwardRef<HTMLAnchorElement, ButtonProps & Native<ButtonProps>>(function ButtonTo(props, ref) {
    return <Button component="a" ref={ref} {...props} />
  }),
)
