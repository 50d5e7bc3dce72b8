/** A link to another page of the console: a real one, that opens in a new window as any other. */
import type { ComponentChildren } from 'preact'
import { addressOf, go } from '../location.ts'

export function Link(props: {
  readonly to: string
  readonly current?: boolean
  readonly children: ComponentChildren
}) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    go(props.to)
  }
  return (
    <a
      href={addressOf(props.to)}
      onClick={follow}
      aria-current={props.current ? 'page' : undefined}
    >
      {props.children}
    </a>
  )
}
