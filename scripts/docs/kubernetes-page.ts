/** docs/generated/kubernetes-products.md: what operators carry, from the declarations that the server runs by. */
import { products } from '../../src/substrate/kubernetes/product/products.ts'
import type { Product } from '../../src/substrate/kubernetes/product/product.ts'

const HEAD = `# Products that operators carry

One row for each product that the Kubernetes substrate carries beside StarRocks ([kubernetes.md](../kubernetes.md)). *By the documents of* is the release of the operator whose documents its
resources and status are by; none of these operators was run with Emrys: a stand-in for each plays what those documents say, on a real API server (test/kubernetes/product.test.ts).
Every other component is refused by name.

| product | clusters of | operator | by the documents of | resources | nodes | \`kubernetes.versions\` names | settings | data disks | fewer nodes | does not run in it |
|---|---|---|---|---|---|---|---|---|---|---|
`

export function kubernetesPage(): string {
  return `${HEAD}${products.map(row).join('\n')}\n`
}

function row(product: Product): string {
  const { title, family, operator, release, types, roles, versioned, files, within } = product
  const cells = [
    title,
    family,
    operator,
    release,
    types.map(({ plural, apiVersion }) => `${plural}.${apiVersion}`).join(', '),
    roles.join(', '),
    versioned.join(', '),
    Object.keys(files).join(', '),
    disksText(product),
    product.unmetWithFewer ? 'yes' : 'refused',
    Object.entries(within)
      .map(([name, why]) => `${name}: ${why}`)
      .join('; '),
  ]
  return `| ${cells.join(' | ')} |`
}

function disksText({ disks: { most, grow, add } }: Product): string {
  const changes = [...(grow ? ['larger'] : []), ...(add ? ['more'] : [])]
  const count = most === 1 ? 'one' : 'several'
  return changes.length === 0 ? count : `${count}, ${changes.join(' and ')}`
}
