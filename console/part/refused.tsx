/** What a cloud said no to: its sentence, what no field shows, and of a denial the policy's statement. */
import { t } from '../texts.ts'
import type { Called } from './action-form.tsx'

export function Refused(props: {
  readonly said: Called
  /** What stands at fields already. */
  readonly shown: ReadonlyMap<string, readonly string[]>
}) {
  const { message, denial = [], refusals = [] } = props.said
  const beside = refusals.filter(({ name }) => !props.shown.has(name))
  return (
    <div role="alert" class="problem refused">
      <p>{message === '' ? t('form.refused') : message}</p>
      {beside.length > 0 && (
        <ul>
          {beside.map(({ name, text }) => (
            <li key={name}>
              {name}: {text}
            </li>
          ))}
        </ul>
      )}
      {denial.length > 0 && (
        <dl>
          {denial.map(({ name, text }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}
