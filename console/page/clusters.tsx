/** All clusters that may be seen, live; what is looked for stands in the address. */
import { useState } from 'preact/hooks'
import type { ClusterRow } from '../../src/console/cluster-view.ts'
import { setQuery, usePlace } from '../location.ts'
import { Link } from '../part/link.tsx'
import { LongTable } from '../part/rows.tsx'
import { State } from '../part/state.tsx'
import { t, timeText, word } from '../texts.ts'

const STATES = [
  'unpaid',
  'creating',
  'running',
  'changing',
  'impaired',
  'failed',
  'suspended',
  'resuming',
  'isolated',
  'deleting',
  'deleted',
] as const satisfies readonly ClusterRow['state'][]

export function ClustersPage() {
  const { query } = usePlace()
  const [total, setTotal] = useState(0)
  const asked = new URLSearchParams()
  for (const name of ['name', 'state', 'region'])
    for (const value of query.getAll(name)) asked.append(name, value)
  return (
    <>
      <h1>{t('clusters.title')}</h1>
      <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          {t('clusters.name')}
          <input
            type="search"
            value={query.get('name') ?? ''}
            onInput={(event) => setQuery({ name: event.currentTarget.value })}
          />
        </label>
        <label>
          {t('clusters.state')}
          <select
            value={query.get('state') ?? ''}
            onChange={(event) => setQuery({ state: event.currentTarget.value })}
          >
            <option value="">{t('clusters.anyState')}</option>
            {STATES.map((state) => (
              <option key={state} value={state}>
                {word('state', state)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('clusters.region')}
          <input
            type="search"
            value={query.get('region') ?? ''}
            onInput={(event) => setQuery({ region: event.currentTarget.value })}
          />
        </label>
        <output>{t('clusters.count', total)}</output>
      </form>
      <LongTable<ClusterRow>
        path={`clusters?${asked.toString()}`}
        label={t('clusters.list')}
        columns={[
          t('column.name'),
          t('column.id'),
          t('column.state'),
          t('column.product'),
          t('column.version'),
          t('column.region'),
          t('column.nodes'),
          t('column.created'),
        ]}
        row={(it) => [
          <Link to={`/clusters/${it.id}`}>{it.name}</Link>,
          <code>{it.id}</code>,
          <State name={it.state} />,
          it.family,
          it.version,
          it.region,
          `${it.ready} / ${it.nodes}`,
          timeText(it.createdMs),
        ]}
        onTotal={setTotal}
      />
    </>
  )
}
