/** What `schema-checker.ts` loads: a program of its own in the package, where everything is bundled. */
export { Check, Compile, Errors } from 'typebox/schema'
