/** Components that a running cluster gets, judged with those that it has (reference: tencent-emr.md 2.4, 3.4; codes: appendix B). */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { DaemonPlacement } from '../../../../domain/cluster/daemon.ts'
import { needsMetaDb } from '../../catalogue/component.ts'
import { sceneOf, variantOf } from '../../catalogue/node-rule.ts'
import { productOf } from '../../catalogue/product.ts'
import { parseSoftware, type SoftwareProblem } from '../../catalogue/software.ts'
import { clusterExtension } from '../cluster/extension.ts'
import { softwareRule, type SoftwareCodes } from '../cluster/software-rule.ts'
import { invalid } from '../refusal.ts'
import { componentsOf, daemonsOfCluster, placed, traitsOf } from './placement.ts'

export interface Addition {
  readonly components: readonly string[]
  readonly daemons: readonly DaemonPlacement[]
}

const codes: SoftwareCodes = {
  empty: 'InvalidSoftInfo',
  unparsable: 'InvalidSoftInfo',
  'unknown-component': 'InvalidSoftWareName',
  'not-in-product': 'InvalidSoftWareName',
  'no-place': 'InvalidSoftDeployInfo',
  'wrong-version': 'InvalidSoftWareVersion',
  duplicate: 'InvalidSoftInfo',
  'security-only': 'InvalidSoftInfo',
  'mandatory-missing': 'InvalidSoftInfo',
  'dependency-unmet': 'InvalidSoftInfo',
  conflict: 'InvalidSoftInfo',
}

/** Rules of the list that a cluster is made with. */
const creationOnly: readonly SoftwareProblem['problem'][] = [
  'security-only',
  'mandatory-missing',
  'empty',
]

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
  const code = `InvalidParameter.${codes[it.problem]}`
  return invalid({ name: 'SoftInfo', code, rule: ruleOf(it), value: asked })
}

function ruleOf(it: SoftwareProblem): string {
  if (it.problem === 'duplicate') return `\`${it.component}\` is installed, or given twice`
  if (creationOnly.includes(it.problem)) return 'it can be chosen only when the cluster is made'
  return softwareRule(it)
}
