/** What is in progress, on one page. */
import type { Overview } from '../../src/console/overview.ts'
import { useRemote } from '../live.ts'
import { Link } from '../part/link.tsx'
import { Remotely } from '../part/remote.tsx'
import { State } from '../part/state.tsx'
import { t, timeText, word } from '../texts.ts'

export function OverviewPage() {
  const remote = useRemote<Overview>('overview')
  return (
    <>
      <h1>{t('overview.title')}</h1>
      <Remotely of={remote}>
        {(it) => (
          <div class="cards">
            <States states={it.states} />
            <Running running={it.running} />
            <Attention {...it} />
            {it.limits.length > 0 && <Supply limits={it.limits} />}
            {it.spend && <Spend spend={it.spend} />}
          </div>
        )}
      </Remotely>
    </>
  )
}

function States({ states }: Pick<Overview, 'states'>) {
  const most = Math.max(1, ...states.map(({ count }) => count))
  return (
    <section aria-labelledby="states">
      <h2 id="states">{t('overview.states')}</h2>
      {states.length === 0 && <p>{t('overview.noClusters')}</p>}
      <ul class="bars">
        {states.map(({ state, count }) => (
          <li key={state}>
            <Link to={`/clusters?state=${state}`}>
              <State name={state} />
            </Link>
            <meter value={count} max={most} aria-label={word('state', state)} />
            <span class="number">{count}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Running({ running }: Pick<Overview, 'running'>) {
  return (
    <section aria-labelledby="running">
      <h2 id="running">{t('overview.running')}</h2>
      {running.operations.length === 0 && <p>{t('overview.nothingRuns')}</p>}
      <ul class="rows">
        {running.operations.map((it) => (
          <li key={it.id}>
            <Link to={`/clusters/${it.cluster}`}>{it.name}</Link>
            <span>{it.verb}</span>
            <progress value={it.progress} max={100} aria-label={`${it.name} ${it.verb}`} />
            <span class="number">{it.progress} %</span>
          </li>
        ))}
      </ul>
      {running.total > running.operations.length && <p>{t('overview.more', running.total)}</p>}
    </section>
  )
}

function Attention({
  attention,
  orders,
  backups,
}: Pick<Overview, 'attention' | 'orders' | 'backups'>) {
  const isWell = attention.clusters.length + orders.length + backups.length === 0
  return (
    <section aria-labelledby="attention">
      <h2 id="attention">{t('overview.attention')}</h2>
      {isWell && <p>{t('overview.allWell')}</p>}
      <ul class="rows attention">
        {attention.clusters.map((it) => (
          <li key={it.id}>
            <Link to={`/clusters/${it.id}`}>{it.name}</Link>
            <State name={it.state} />
            <p>{it.reason}</p>
            {it.incidents
              .filter(({ reason }) => reason !== it.reason)
              .map((incident) => (
                <p key={incident.atMs}>{incident.reason}</p>
              ))}
            <p class="next">
              {word('next', it.state)}{' '}
              {it.releaseMs !== null && t('next.release', timeText(it.releaseMs))}
            </p>
          </li>
        ))}
        {orders.map((it) => (
          <li key={it.id}>
            <Link to={`/clusters/${it.cluster}`}>{it.name}</Link>
            <span>{t('overview.unpaid', it.total, it.currency)}</span>
            <p class="next">
              {t('next.order')}{' '}
              {it.deadlineMs !== null && t('next.cancelled', timeText(it.deadlineMs))}
            </p>
          </li>
        ))}
        {backups.map((it) => (
          <li key={it.id}>
            <Link to={`/clusters/${it.cluster}`}>{it.name}</Link>
            <span>{t('overview.backup')}</span>
            <time>{timeText(it.atMs)}</time>
            <p>{it.reason}</p>
            <p class="next">{t('next.backup')}</p>
          </li>
        ))}
      </ul>
      {attention.total > attention.clusters.length && <p>{t('overview.more', attention.total)}</p>}
    </section>
  )
}

function Supply({ limits }: Pick<Overview, 'limits'>) {
  return (
    <>
      {(['stock', 'quota'] as const).map((rule) => {
        const ofRule = limits.filter((each) => each.rule === rule)
        if (ofRule.length === 0) return null
        return (
          <section key={rule} aria-labelledby={rule}>
            <h2 id={rule}>{t(`overview.${rule}`)}</h2>
            <ul class="bars">
              {ofRule.map((it) => {
                const name = [it.measure, it.type, it.region, it.zone, it.charge, it.account]
                  .filter(Boolean)
                  .join(' ')
                return (
                  <li key={name}>
                    <span>{name}</span>
                    <meter value={it.used} max={it.most} aria-label={name} />
                    <span class="number">
                      {it.used} / {it.most}
                    </span>
                  </li>
                )
              })}
            </ul>
          </section>
        )
      })}
    </>
  )
}

function Spend({ spend }: { readonly spend: NonNullable<Overview['spend']> }) {
  return (
    <section aria-labelledby="spend">
      <h2 id="spend">{t('overview.spend')}</h2>
      {spend.amounts.length === 0 && <p>{t('overview.noSpend')}</p>}
      {spend.amounts.map(({ currency, amount }) => (
        <p key={currency} class="amount">
          {amount} {currency}
        </p>
      ))}
      {spend.uncharged.map(({ currency, amount }) => (
        <p key={currency}>{t('overview.uncharged', `${amount} ${currency}`)}</p>
      ))}
      {!spend.whole && <p>{t('overview.spendPart')}</p>}
    </section>
  )
}
