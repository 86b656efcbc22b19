import { createContext, use, useEffect, useId, useState } from 'react'
import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import type { Api } from './api'
import { changesData, groupByJob, operationFacts, tabFor, type Job, type Operation } from './operations'

type Operations = { state: 'loading' } | { state: 'loaded'; list: Operation[] } | { state: 'failed'; reason: string }

export const OperationsContext = createContext<Operations>({ state: 'loading' })

export function useOperations(api: Api): Operations {
  const [operations, setOperations] = useState<Operations>({ state: 'loading' })
  useEffect(() => {
    let current = true
    api.operations().then(
      (list) => current && setOperations({ state: 'loaded', list }),
      (error: Error) => current && setOperations({ state: 'failed', reason: error.message }),
    )
    return () => {
      current = false
    }
  }, [api])
  return operations
}

/** The panel of ready operations, grouped by the job that they help with. */
export function Jobs() {
  const operations = use(OperationsContext)
  const { open, opened, status } = useOpener()

  return (
    <nav className="jobs" aria-label="Jobs">
      <h2>Jobs</h2>
      <p className="hint">Choose a question: it opens in a tab and runs. What changes data waits for you to run it.</p>
      <p className="visually-hidden" role="status">{status}</p>
      {operations.state === 'loading' && <p className="hint">Loading the jobs …</p>}
      {operations.state === 'failed' && (
        <p className="error" role="alert">The jobs did not load. {operations.reason}</p>
      )}
      {operations.state === 'loaded' && operations.list.length === 0 && (
        <p className="hint">This server offers no ready jobs.</p>
      )}
      {operations.state === 'loaded' &&
        groupByJob(operations.list).map((job) => (
          <JobSection key={job.name} job={job} opened={opened} onOpen={open} />
        ))}
    </nav>
  )
}

interface JobSectionProps {
  job: Job
  /** The query of the active tab. */
  opened: string | null
  onOpen: (operation: Operation) => void
}

function JobSection({ job, opened, onOpen }: JobSectionProps) {
  const heading = useId()
  return (
    <section>
      <h3 id={heading}>{job.name}</h3>
      <ul aria-labelledby={heading}>
        {job.operations.map((operation) => (
          <li key={operation.name}>
            <button aria-current={operation.query === opened || undefined} onClick={() => onOpen(operation)}>
              <span className="title">
                {operation.title} {changesData(operation) && <em>Changes data</em>}
              </span>
              <span className="description">{operation.description}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Opens an operation in a tab, as soon as the editors are there, and runs it unless it changes data. */
function useOpener() {
  const [chosen, choose] = useState<Operation | null>(null)
  const [last, setLast] = useState<Operation | null>(null)
  const actions = useGraphiQLActions()
  const { queryEditor, variableEditor, responseEditor, tabs, activeTabIndex, isFetching } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'responseEditor', 'tabs', 'activeTabIndex', 'isFetching'),
  )

  useEffect(() => {
    if (!chosen || !queryEditor || !variableEditor || !responseEditor) return
    choose(null)
    setLast(chosen)
    actions.stop()
    const tab = tabFor(chosen, tabs, activeTabIndex)
    if (tab < 0) actions.addTab()
    else if (tab !== activeTabIndex) actions.changeTab(tab)
    queryEditor.setValue(chosen.query)
    variableEditor.setValue(chosen.variables)
    const facts = operationFacts(chosen.query)
    actions.updateActiveTabValues({
      query: chosen.query,
      variables: chosen.variables,
      operationName: facts.operationName ?? null,
    })
    // The editor reads the document a moment after it changes; running at once
    // would send the operation name of the tab before.
    actions.setOperationFacts(facts)
    if (!changesData(chosen)) void actions.run()
    showOnNarrowScreen()
  }, [chosen, queryEditor, variableEditor, responseEditor, tabs, activeTabIndex, actions])

  return {
    open: choose,
    opened: tabs[activeTabIndex]?.query ?? null,
    status: last ? `${isFetching ? 'Running' : 'Answered'}: ${last.title}` : '',
  }
}

/** Where the jobs stand above the editors, the answer is out of sight. */
function showOnNarrowScreen() {
  if (matchMedia('(max-width: 760px)').matches)
    document.querySelector('.graphiql-response')?.scrollIntoView({ block: 'start' })
}

export function JobsIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round">
      <path d="m4 6 1.2 1.2L7.5 5M4 12l1.2 1.2L7.5 11M4 18l1.2 1.2L7.5 17M11 6.2h9M11 12.2h9M11 18.2h9" />
    </svg>
  )
}
