/** Components that a running cluster gets, judged with those that it has (reference: tencent-emr.md 2.4, 3.4; codes: appendix B). */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { DaemonPlacement } from '../../../../domain/cluster/daemon.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import { needsMetaDb } from '../../catalogue/component.ts'
import { sceneOf, variantOf } from '../../catalogue/node-rule.ts'
import { productOf } from '../../catalogue/product.ts'
import { parseSoftware, type SoftwareProblem } from '../../catalogue/software.ts'
import { clusterExtension } from '../cluster/extension.ts'
import { invalid } from '../refusal.ts'
import { componentsOf, daemonsOfCluster, placed, traitsOf } from './placement.ts'

export interface Addition {
  readonly components: readonly string[]
  readonly daemons: readonly DaemonPlacement[]
}

/** Throws InvalidSoftInfo, InvalidSoftWareName, InvalidSoftWareVersion, InvalidSoftDeployInfo or InvalidMetaType. */
export function moreSoftware(cluster: Cluster, asked: readonly string[]): Addition {
  const { productId, scene, security } = clusterExtension(cluster)
  const product = productOf(productId)
  if (!product) throw new Error(`the catalogue has no product ${productId}`)
  const installed = componentsOf(cluster)
  // Kerberos is switched on, not chosen.
  const chosen = cluster.spec.software.components.filter((_, at) => installed[at] !== 'kerberos')
  const variant = variantOf(sceneOf(scene), installed)
  const list = [...chosen, ...asked]
  const read = parseSoftware({ list, product, variant, security })
  if (!read.ok) throw refused(read.problem, asked)
  const more = read.chosen.filter(({ component }) => !installed.includes(component))
  checkMetadata(
    cluster,
    more.map(({ component }) => component),
  )
  const components = [...installed, ...more.map(({ component }) => component)]
  const known = new Set(daemonsOfCluster(cluster).map(keyOf))
  const daemons = placed({ ...traitsOf(cluster), components })
  return {
    components: more.map(({ label }) => label),
    daemons: daemons.filter((daemon) => !known.has(keyOf(daemon))),
  }
}

function keyOf({ service, name }: DaemonPlacement): string {
  return `${service} ${name}`
}

/** The one that came with the cluster, or that the client named then, is shared by what comes later. */
function checkMetadata(cluster: Cluster, more: readonly string[]): void {
  const { metadata } = clusterExtension(cluster)
  if (!needsMetaDb(more) || metadata.bought || metadata.type !== 'EMR_DEFAULT_META') return
  throw invalid({
    name: 'SoftInfo',
    code: 'InvalidParameter.InvalidMetaType',
    rule: 'it needs a metadata database, and the cluster was made without one',
    value: more.join(', '),
  })
}

function refused(it: SoftwareProblem, asked: readonly string[]) {
  const { code, rule } = refusalOf(it)
  return invalid({ name: 'SoftInfo', code: `InvalidParameter.${code}`, rule, value: asked })
}

function refusalOf(it: SoftwareProblem): { readonly code: string; readonly rule: string } {
  switch (it.problem) {
    case 'unparsable':
      return { code: 'InvalidSoftInfo', rule: `\`${it.item}\` is not of the form name-version` }
    case 'unknown-component':
      return { code: 'InvalidSoftWareName', rule: `\`${it.component}\` is no component` }
    case 'not-in-product':
      return {
        code: 'InvalidSoftWareName',
        rule: `${it.product} does not have \`${it.component}\`; it has ${listed(it.allowed)}`,
      }
    case 'wrong-version':
      return {
        code: 'InvalidSoftWareVersion',
        rule: `\`${it.component}\` must be of version ${it.allowed}, not ${it.version}`,
      }
    case 'duplicate':
      return { code: 'InvalidSoftInfo', rule: `\`${it.component}\` is installed, or given twice` }
    case 'no-place':
      return {
        code: 'InvalidSoftDeployInfo',
        rule: `no node of this scene can carry \`${it.component}\``,
      }
    case 'dependency-unmet':
      return { code: 'InvalidSoftInfo', rule: `\`${it.component}\` needs \`${it.missing}\`` }
    case 'conflict':
      return {
        code: 'InvalidSoftInfo',
        rule: `\`${it.component}\` and \`${it.other}\` exclude each other`,
      }
    case 'security-only':
    case 'mandatory-missing':
    case 'empty':
      return { code: 'InvalidSoftInfo', rule: 'it can be chosen only when the cluster is made' }
  }
}
