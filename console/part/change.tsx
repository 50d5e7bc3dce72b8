/** What can be done with a cluster: a button for each, whose form opens below. Whether it may be done is the cloud's to say. */
import { useRef, useState } from 'preact/hooks'
import type { OneCluster } from '../../src/console/clusters.ts'
import type { Forms } from '../../src/console/form.ts'
import { useRemote } from '../live.ts'
import { setQuery, usePlace } from '../location.ts'
import { bytesText, t, word } from '../texts.ts'
import { isList, isObject, textOf, type Parameters } from '../value.ts'
import { ActionForm } from './action-form.tsx'

type Change = Forms['clouds'][number]['changes'][number]

export function Changes({ it }: { readonly it: OneCluster }) {
  const { value: forms } = useRemote<Forms>('forms')
  const { query } = usePlace()
  const [done, setDone] = useState('')
  const { id, product, region, account, state } = it.cluster
  // What is asked for again when something changed must not begin the form again.
  const losses = useRef<readonly string[]>([])
  losses.current = lossesOf(it)
  const found = forms?.clouds.flatMap(({ cloud, changes }) =>
    changes.filter((each) => each.product === product).map((spec) => ({ cloud, spec })),
  )
  const chosen = found?.find(({ spec }) => spec.does === query.get('do'))
  if (!found || state === 'deleted') return null
  const choose = (does: string) => {
    setDone('')
    setQuery({ do: query.get('do') === does ? '' : does })
  }
  return (
    <section aria-labelledby="changes" class="wide">
      <h2 id="changes">{t('change.title')}</h2>
      <p class="filters" role="group" aria-labelledby="changes">
        {found.map(({ spec: { does } }) => (
          <button
            key={does}
            type="button"
            aria-expanded={chosen?.spec.does === does}
            onClick={() => choose(does)}
          >
            {word('change', does)}
          </button>
        ))}
      </p>
      <p role="status">{done}</p>
      {chosen && (
        <ActionForm
          key={chosen.spec.action}
          spec={chosen.spec}
          target={{ cloud: chosen.cloud, account, region, cluster: id }}
          button={word('change', chosen.spec.does)}
          losses={chosen.spec.loses ? lossesFor(chosen.spec, losses.current) : []}
          beside={(value) => <Differences value={value} files={it.configuration} />}
          onDone={() => {
            setQuery({ do: '' })
            setDone(t('change.done', word('change', chosen.spec.does)))
          }}
        />
      )}
    </section>
  )
}

/** All that goes with the cluster, or what lies on the nodes that go. */
function lossesFor(spec: Change, whole: readonly string[]): readonly string[] {
  return spec.does === 'release' ? whole : [t('lost.disks')]
}

function lossesOf({ cluster, backups }: OneCluster): readonly string[] {
  const { name, id, nodes, usedBytes, endpoints } = cluster
  return [
    t('lost.cluster', name, id),
    t('lost.nodes', nodes),
    usedBytes === null ? t('lost.data') : t('lost.bytes', bytesText(usedBytes)),
    ...(backups && backups.length > 0 ? [t('lost.backups', backups.length)] : []),
    ...(endpoints.length > 0
      ? [t('lost.endpoints', endpoints.map(({ host, port }) => `${host}:${port}`).join(', '))]
      : []),
  ]
}

/** What a configuration would become, beside what it is: of the lists of items that such a form has. */
function Differences(props: {
  readonly value: Parameters
  readonly files: OneCluster['configuration']
}) {
  const { value, files } = props
  const items = (name: string) => {
    const list = value[name]
    return isList(list) ? list.filter(isObject) : []
  }
  const now = (key: string) =>
    files?.map(({ properties }) => properties[key]).find((each) => each !== undefined)
  const rows = [
    ...[...items('configsToAdd'), ...items('configsToUpdate')].map((item) => ({
      key: textOf(item['configKey']),
      next: textOf(item['configValue']),
    })),
    ...items('configsToDelete').map((item) => ({ key: textOf(item['configKey']), next: '' })),
  ].filter(({ key }) => key !== '')
  if (rows.length === 0) return null
  return (
    <div class="table">
      <table aria-label={t('change.differences')}>
        <thead>
          <tr>
            <th scope="col">{t('column.key')}</th>
            <th scope="col">{t('change.now')}</th>
            <th scope="col">{t('change.next')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, next }) => {
            const current = now(key)
            return (
              <tr key={key}>
                <td>{key}</td>
                <td>
                  <del>
                    {current === null ? t('common.hidden') : (current ?? t('change.default'))}
                  </del>
                </td>
                <td>
                  <ins>{next === '' ? t('change.default') : next}</ins>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
