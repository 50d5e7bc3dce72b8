/** One cluster: what it is made of, what happens to it, how to reach it, and what it costs. */
import type { OneCluster } from '../../src/console/clusters.ts'
import { useRemote } from '../live.ts'
import { CalendarOf } from '../part/calendar.tsx'
import { Nodes } from '../part/nodes.tsx'
import { Log } from '../part/log.tsx'
import { Changes } from '../part/change.tsx'
import { Copy } from '../part/copy.tsx'
import { Link } from '../part/link.tsx'
import { Remotely } from '../part/remote.tsx'
import { Usage } from '../part/usage.tsx'
import { State } from '../part/state.tsx'
import { Timeline } from '../part/timeline.tsx'
import { bytesText, t, timeText } from '../texts.ts'

export function ClusterPage({ id }: { readonly id: string }) {
  const remote = useRemote<OneCluster>(`clusters/${id}`)
  return (
    <Remotely of={remote}>
      {(it) => (
        <>
          <h1>
            {it.cluster.name} <State name={it.cluster.state} />
          </h1>
          <p class="reason">
            {it.cluster.reason} {t('cluster.since', timeText(it.cluster.sinceMs))}
          </p>
          <div class="cards">
            <Changes it={it} />
            <Facts cluster={it.cluster} />
            <Nodes groups={it.cluster.groups} />
            <Usage id={id} />
            <Endpoints id={id} endpoints={it.cluster.endpoints} />
            <Incidents incidents={it.cluster.incidents} />
            <Timeline operations={it.operations} change={it.cluster.change} />
            <CalendarOf calendar={it.calendar} />
            <Configuration files={it.configuration} />
            {it.backups && it.backups.length > 0 && <Backups backups={it.backups} />}
            {it.orders && <Cost orders={it.orders} />}
            {it.orders && <Log id={id} />}
          </div>
        </>
      )}
    </Remotely>
  )
}

function Facts({ cluster }: Pick<OneCluster, 'cluster'>) {
  const { charge } = cluster
  const rows: readonly (readonly [string, string])[] = [
    [t('column.id'), cluster.id],
    [t('column.product'), `${cluster.family} ${cluster.version}`],
    [t('column.region'), cluster.region],
    [t('column.account'), cluster.account],
    [t('cluster.substrate'), cluster.substrate],
    [t('column.created'), timeText(cluster.createdMs)],
    [
      t('cluster.charge'),
      charge.mode === 'postpaid'
        ? t('charge.postpaid')
        : t('charge.prepaid', charge.expiresMs === null ? '' : timeText(charge.expiresMs)),
    ],
    [t('cluster.tags'), cluster.tags.map(({ key, value }) => `${key}=${value}`).join(', ')],
  ]
  return (
    <section aria-labelledby="facts">
      <h2 id="facts">{t('cluster.facts')}</h2>
      <dl>
        {rows
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}

function Endpoints({ id, endpoints }: Pick<OneCluster['cluster'], 'id' | 'endpoints'>) {
  return (
    <section aria-labelledby="endpoints">
      <h2 id="endpoints">{t('cluster.endpoints')}</h2>
      {endpoints.length === 0 && <p>{t('cluster.noEndpoints')}</p>}
      <ul class="rows">
        {endpoints.map(({ name, host, port }) => (
          <li key={`${name} ${host}:${port}`}>
            <span>{name}</span>
            <code>
              {host}:{port}
            </code>
            <Copy text={`${host}:${port}`} label={name} />
            {name === 'mysql' && <Link to={`/clusters/${id}/sql`}>{t('nav.sql')}</Link>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Incidents({ incidents }: Pick<OneCluster['cluster'], 'incidents'>) {
  if (incidents.length === 0) return null
  return (
    <section aria-labelledby="incidents">
      <h2 id="incidents">{t('cluster.incidents')}</h2>
      <ol class="rows">
        {incidents.toReversed().map((it) => (
          <li key={it.id}>
            <time>{timeText(it.atMs)}</time>
            <span>{it.kind}</span>
            {it.node !== undefined && <code>{it.node}</code>}
            <span>{it.endedMs === undefined ? t('cluster.open') : t('cluster.over')}</span>
            <p>{it.reason}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Configuration({ files }: { readonly files: OneCluster['configuration'] }) {
  return (
    <section aria-labelledby="configuration">
      <h2 id="configuration">{t('cluster.configuration')}</h2>
      {files === null && <p>{t('common.denied')}</p>}
      {files?.length === 0 && <p>{t('common.none')}</p>}
      {files?.map((it) => (
        <details key={`${it.service} ${it.file} ${it.group ?? ''}`}>
          <summary>
            {it.service} {it.file} {it.group}
          </summary>
          <dl>
            {Object.entries(it.properties).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value ?? <em>{t('common.hidden')}</em>}</dd>
              </div>
            ))}
          </dl>
        </details>
      ))}
    </section>
  )
}

function Backups({ backups }: { readonly backups: NonNullable<OneCluster['backups']> }) {
  return (
    <section aria-labelledby="backups">
      <h2 id="backups">{t('cluster.backups')}</h2>
      <ul class="rows">
        {backups.map((it) => (
          <li key={it.id}>
            <code>{it.id}</code>
            <span>{it.state}</span>
            <span>{bytesText(it.bytes)}</span>
            <time>{timeText(it.startedMs)}</time>
            {it.reason !== '' && <p>{it.reason}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Cost({ orders }: { readonly orders: NonNullable<OneCluster['orders']> }) {
  return (
    <section aria-labelledby="cost">
      <h2 id="cost">{t('cluster.cost')}</h2>
      {orders.length === 0 && <p>{t('common.none')}</p>}
      <ul class="rows">
        {orders.map((it) => (
          <li key={it.id}>
            <code>{it.id}</code>
            <span>{it.kind}</span>
            <span>{it.state}</span>
            <span>
              {it.hourly
                ? t('cluster.hourly', it.total, it.currency)
                : `${it.total} ${it.currency}`}
            </span>
            {it.used !== null && (
              <span>
                {t('column.used')}: {it.used} {it.currency}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
