/** Hints that set variables of one statement. A statement that they would outlive, or that would drop them, refuses them. */
import type { Execution } from '../execution/execution.ts'
import { isFormer, readHintedVariable, variableNamed } from '../execution/variable.ts'
import { SqlError } from '../session.ts'
import type { Hint, ParsedStatement } from '../sql/ast.ts'
import { unsupportedByEngine } from '../sql/sql-error.ts'
import { userVariable } from './session/set.ts'

const hinted: readonly string[] = [
  'select',
  'insert',
  'update',
  'delete',
  'explain',
  'createTableAs',
  'submitTask',
]

/** Lower-case names to values. Throws SqlError for a variable that there is not, or a value that it cannot have. */
export function systemHints({ statement, hints }: ParsedStatement): ReadonlyMap<string, string> {
  if (hints.length > 0 && !hinted.includes(statement.kind)) {
    throw unsupportedByEngine('A hint that sets variables of a view')
  }
  const system = hints.filter((hint) => hint.kind === 'system' && !isFormer(hint.name))
  return new Map(system.map(systemValue))
}

function systemValue({ name, value }: Hint): [name: string, value: string] {
  const definition = variableNamed(name)
  const text = plainText(value)
  if (text === undefined) throw new SqlError(`SET_VAR(${name}) needs a plain value`)
  return [definition.name, readHintedVariable(definition, text)]
}

function plainText(value: Hint['value']): string | undefined {
  if (value.kind === 'string') return value.value
  if (value.kind === 'boolean') return String(value.value)
  if (value.kind === 'integer' || value.kind === 'decimal') return value.text
  if (value.kind === 'unary' && value.operator === '-') {
    const { operand } = value
    return operand.kind === 'integer' || operand.kind === 'decimal' ? `-${operand.text}` : undefined
  }
  return value.kind === 'column' && value.path.length === 1 ? value.path[0] : undefined
}

/** Evaluated in order, before the statement: each may name those before it. */
export async function setUserHints(execution: Execution, hints: readonly Hint[]): Promise<void> {
  for (const { kind, name, value } of hints) {
    if (kind !== 'user') continue
    const key = name.toLowerCase()
    if (execution.state.userVariables.has(key) || execution.hintVariables.has(key)) {
      throw new SqlError(
        `Getting analyzing error. Detail message: Failed to evaluate user variable hint '${name}', because the user variable name in the hint must not match any existing variable names.`,
      )
    }
    execution.hintVariables.set(key, await userVariable(execution, value))
  }
}
