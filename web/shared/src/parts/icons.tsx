import type { ReactNode } from 'react'

function Icon({ size = 20, children }: { size?: number; children: ReactNode }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  )
}

interface Size {
  size?: number
}
export const BagIcon = (size: Size) => (
  <Icon {...size}>
    <path d="M5 8h14l-1.2 11a2 2 0 0 1-2 1.8H8.2a2 2 0 0 1-2-1.8zM9 10V7a3 3 0 0 1 6 0v3" />
  </Icon>
)
export const SearchIcon = (size: Size) => (
  <Icon {...size}>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m16 16 4.5 4.5" />
  </Icon>
)
export const SunIcon = (size: Size) => (
  <Icon {...size}>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1" />
  </Icon>
)
export const MoonIcon = (size: Size) => (
  <Icon {...size}>
    <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z" />
  </Icon>
)
export const PlusIcon = (size: Size) => (
  <Icon {...size}>
    <path d="M12 5v14M5 12h14" />
  </Icon>
)
export const MinusIcon = (size: Size) => (
  <Icon {...size}>
    <path d="M5 12h14" />
  </Icon>
)
export const CheckIcon = (size: Size) => (
  <Icon {...size}>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
)
export const CrossIcon = (size: Size) => (
  <Icon {...size}>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
)
