/** A service that should say it and does not: never rows that nobody gave. */
import { invalid } from '../refusal.ts'

/** With the code that the action has for it. */
export function unanswered(code: string) {
  return (problem: unknown): never => {
    const rule = `the cluster's services do not answer: ${(problem as Error).message}`
    throw invalid({ name: 'InstanceId', code, rule })
  }
}
