/** A page that answers with an object, and tells what the core refuses in the core's own sentence. */
import { AdminProblem, json, type Asked, type Page } from './page.ts'

export type Answering = Pick<Page, 'does' | 'query' | 'members'> & {
  answer(asked: Asked): Promise<object>
}

export type MakePage = (method: Page['method'], path: string, it: Answering) => Page

/** `statusOf` gives the HTTP status of a refusal; undefined for what is a bug and no refusal. */
export function answering(statusOf: (problem: unknown) => number | undefined): MakePage {
  return (method, path, { answer, ...told }) => ({
    ...told,
    method,
    path: `/_emrys/${path}`,
    async run(asked) {
      try {
        return json(await answer(asked))
      } catch (problem) {
        const status = statusOf(problem)
        if (status === undefined) throw problem
        throw new AdminProblem((problem as Error).message, status)
      }
    },
  })
}
