/** The components of a cluster of containers (reference: api.json CreateCloudInstance; catalogue/container.ts). */
import {
  containerProduct,
  containerProducts,
  podRoles,
  type ContainerProduct,
  type PodRole,
} from '../../catalogue/container.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import { invalid, oneOf } from '../refusal.ts'

/** Throws InvalidProductId. */
export function readContainerProduct(id: number): ContainerProduct {
  const product = containerProduct(id)
  if (product) return product
  throw invalid({
    name: 'ProductId',
    code: 'InvalidParameter.InvalidProductId',
    rule: oneOf(containerProducts),
    value: id,
    example: containerProducts[0],
  })
}

export interface ChosenComponent {
  /** `zookeeper-3.6.3`. */
  readonly label: string
  readonly role: PodRole
}

/** Throws InvalidSoftInfo, InvalidSoftWareName, SoftwareNotInProduct, InvalidSoftWareVersion, InvalidSoftWare, NotContainMustSelectSoftware. */
export function readPodSoftware(
  list: readonly string[],
  product: ContainerProduct,
): readonly ChosenComponent[] {
  if (list.length === 0) throw refused('InvalidSoftInfo', 'at least one component must be given')
  const chosen = list.map((text) => readItem(text, product))
  const names = chosen.map(({ role }) => role.component)
  for (const [at, { role }] of chosen.entries()) {
    if (names.indexOf(role.component) < at)
      throw refused('InvalidSoftWare', `\`${role.component}\` is given twice`)
    if (role.needs !== undefined && !names.includes(role.needs))
      throw refused('NotContainMustSelectSoftware', `\`${role.component}\` needs \`${role.needs}\``)
  }
  return chosen
}

/** A name alone means the product's version. */
function readItem(text: string, product: ContainerProduct): ChosenComponent {
  const [, name, version] = /^([a-z][a-z0-9]*)(?:-(\d[0-9a-z.]*))?$/.exec(text.trim()) ?? []
  if (name === undefined)
    throw refused('InvalidSoftInfo', `\`${text.slice(0, 64)}\` is not of the form name-version`)
  const role = podRoles.find(({ component }) => component === name)
  if (!role) throw refused('InvalidSoftWareName', `\`${name}\` is no component of containers`)
  const offered = product.components.get(name)
  if (offered === undefined) {
    const rule = `${product.version} has ${listed([...product.components.keys()])}, not \`${name}\``
    throw refused('SoftwareNotInProduct', rule)
  }
  if (version !== undefined && version !== offered) {
    const rule = `\`${name}\` must be of version ${offered}, not ${version}`
    throw refused('InvalidSoftWareVersion', rule)
  }
  return { label: `${name}-${offered}`, role }
}

function refused(code: string, rule: string) {
  const example = ['zookeeper-3.6.3', 'openldap-2.4.44']
  return invalid({ name: 'Software', code: `InvalidParameter.${code}`, rule, example })
}
