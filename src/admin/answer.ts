/** A page that answers with an object, and reports what the core refuses in the core's own sentence. */
import { AdminProblem, json, type PageRequest, type Page } from './page.ts'

export type PageSpec = Pick<Page, 'does' | 'query' | 'members'> & {
  answer(request: PageRequest): Promise<object>
}

export type PageBuilder = (method: Page['method'], path: string, it: PageSpec) => Page

/** `statusOf` gives the HTTP status of a refusal; undefined for what is a bug and no refusal. */
export function pageBuilder(statusOf: (problem: unknown) => number | undefined): PageBuilder {
  return (method, path, { answer, ...page }) => ({
    ...page,
    method,
    path: `/_emrys/${path}`,
    async run(request) {
      try {
        return json(await answer(request))
      } catch (problem) {
        const status = statusOf(problem)
        if (status === undefined) throw problem
        throw new AdminProblem((problem as Error).message, status)
      }
    },
  })
}
