/** A picture of the nodes of a cluster: by group, each with its zone and role; a square for a node. */
import type { WholeCluster } from '../../src/console/cluster-view.ts'
import { t } from '../texts.ts'

type Group = WholeCluster['groups'][number]

export function Nodes({ groups }: { readonly groups: readonly Group[] }) {
  return (
    <section aria-labelledby="nodes" class="wide">
      <h2 id="nodes">{t('cluster.nodes')}</h2>
      {groups.map((group) => (
        <div class="group" key={group.id}>
          <h3>
            {group.name}{' '}
            <small>{[group.role, group.zone, group.machine].filter(Boolean).join(' · ')}</small>
          </h3>
          <ul class="nodes">
            {group.nodes.map((node) => (
              <Node key={node.id} node={node} />
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}

function Node({ node }: { readonly node: Group['nodes'][number] }) {
  const state = node.ready ? t('cluster.ready') : t('cluster.notReady')
  return (
    <li class={node.ready ? 'node ready' : 'node'}>
      <strong>{node.name}</strong>
      <span>{state}</span>
      <small>{t('cluster.size', node.cpu, node.memoryMib / 1024)}</small>
      {node.address !== '' && <code>{node.address}</code>}
      {node.daemons.map((daemon) => (
        <small key={`${daemon.service} ${daemon.name}`}>
          {daemon.name}: {daemon.state}
        </small>
      ))}
    </li>
  )
}
