/** Why a list of software is refused, in a sentence; each action has codes of its own for it. */
import { listed } from '../../../../kernel/enumeration.ts'
import type { SoftwareProblem } from '../../catalogue/software.ts'

export type SoftwareCodes = Readonly<Record<SoftwareProblem['problem'], string>>

export function softwareRule(it: SoftwareProblem): string {
  switch (it.problem) {
    case 'empty':
      return 'at least one component must be given'
    case 'unparsable':
      return `\`${it.item}\` is not of the form name-version`
    case 'unknown-component':
      return `\`${it.component}\` is no component`
    case 'not-in-product':
      return `${it.product} does not have \`${it.component}\`; it has ${listed(it.allowed)}`
    case 'no-place':
      return `no node of this scene can carry \`${it.component}\`; they carry ${listed(it.allowed)}`
    case 'wrong-version':
      return `\`${it.component}\` must be of version ${it.allowed}, not ${it.version}`
    case 'duplicate':
      return `\`${it.component}\` is given twice`
    case 'security-only':
      return `\`${it.component}\` is switched on by CheckSecurity and cannot be named`
    case 'mandatory-missing':
      return `it must also contain ${it.missing.join(', ')}`
    case 'dependency-unmet':
      return `\`${it.component}\` needs \`${it.missing}\``
    case 'conflict':
      return `\`${it.component}\` and \`${it.other}\` exclude each other`
  }
}
