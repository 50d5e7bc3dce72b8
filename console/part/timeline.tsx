/** The life of a cluster, the latest first: what was asked of it, by whom, and the steps of what is in progress. */
import type { OneCluster } from '../../src/console/clusters.ts'
import { t, timeText } from '../texts.ts'

export function Timeline(props: {
  readonly operations: OneCluster['operations']
  readonly change: OneCluster['cluster']['change']
}) {
  const { operations, change } = props
  return (
    <section aria-labelledby="timeline" class="wide">
      <h2 id="timeline">{t('cluster.timeline')}</h2>
      {change?.reverting != null && (
        <p class="problem">{t('cluster.reverting', change.reverting)}</p>
      )}
      {operations === null && <p>{t('common.denied')}</p>}
      {operations?.length === 0 && <p>{t('common.none')}</p>}
      <ol class="timeline">
        {operations?.map((it) => (
          <li key={it.id} class={`operation ${it.status}`}>
            <time>{timeText(it.startedMs)}</time>
            <strong>{it.verb}</strong> <span>{it.subject}</span>{' '}
            <span class="status">{it.status}</span> {it.by !== null && <span>{it.by}</span>}
            {it.status === 'running' && (
              <progress value={it.progress} max={100} aria-label={it.verb} />
            )}
            {it.detail !== null && <p>{it.detail}</p>}
            {it.steps.length > 0 && <Steps steps={it.steps} open={it.status !== 'completed'} />}
          </li>
        ))}
      </ol>
    </section>
  )
}

type Operation = NonNullable<OneCluster['operations']>[number]

function Steps({ steps, open }: { readonly steps: Operation['steps']; readonly open: boolean }) {
  return (
    <details open={open}>
      <summary>{t('cluster.steps')}</summary>
      <ol class="steps">
        {steps.map((step) => (
          <li key={step.name} class={`step ${step.status}`}>
            {step.name} <span class="status">{step.status}</span>
            {step.reason !== null && <p>{step.reason}</p>}
          </li>
        ))}
      </ol>
    </details>
  )
}
