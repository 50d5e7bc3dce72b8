/** What a page shows until there is something to show, and when there is nothing. */
import type { ComponentChildren } from 'preact'
import type { Remote } from '../live.ts'
import { t } from '../texts.ts'

export function Remotely<T>(props: {
  readonly of: Remote<T>
  readonly children: (value: T) => ComponentChildren
}) {
  const { value, problem } = props.of
  if (value !== undefined) return <>{props.children(value)}</>
  // Status 0 is said once, above the page.
  if (problem && problem.status !== 0)
    return (
      <p role="alert" class="problem">
        {problem.message}
      </p>
    )
  return <p class="waiting">{t('common.loading')}</p>
}
