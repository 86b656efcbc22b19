import { Kind, OperationTypeNode, parse, type OperationDefinitionNode } from 'graphql'

/** A ready GraphQL operation for one question of an investigator. */
export interface Operation {
  /** Short and unique, such as "who-shares". */
  name: string
  /** The question that it answers. */
  title: string
  /** The job that it belongs to: the heading that it is listed under. */
  job: string
  description: string
  query: string
  /** A JSON object, as text. */
  variables: string
}

export interface Job {
  name: string
  operations: Operation[]
}

/** Jobs and the operations inside them stay in the order in which they first come. */
export function groupByJob(operations: Operation[]): Job[] {
  const jobs = new Map<string, Job>()
  for (const operation of operations) {
    const job = jobs.get(operation.job)
    if (job) job.operations.push(operation)
    else jobs.set(operation.job, { name: operation.job, operations: [operation] })
  }
  return [...jobs.values()]
}

/**
 * What the editor needs to know of a document before it runs: the operation to
 * run is the first. A document that does not parse has none; the server says why.
 */
export function operationFacts(query: string) {
  try {
    const documentAST = parse(query)
    const operations = documentAST.definitions.filter(
      (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
    )
    return { documentAST, operations, operationName: operations[0]?.name?.value }
  } catch {
    return {}
  }
}

export function changesData(operation: Operation): boolean {
  return operationFacts(operation.query).operations?.[0]?.operation === OperationTypeNode.MUTATION
}

export interface Tab {
  query: string | null
  variables?: string | null
}

/** The first tab's document, until something else is written there. */
export const welcome = `# Choose a job, or write a query.
# Ctrl-Enter runs it.
query WhoAmI {
  viewer {
    name
    role
  }
}
`

/**
 * Where an operation opens: the tab that holds it unchanged, else the active
 * tab if nothing was written there, else a new one (-1).
 */
export function tabFor(operation: Operation, tabs: Tab[], active: number): number {
  const same = tabs.findIndex((tab) => tab.query === operation.query && (tab.variables ?? '') === operation.variables)
  if (same >= 0) return same
  const written = tabs[active]?.query ?? ''
  return written.trim() === '' || written === welcome ? active : -1
}
