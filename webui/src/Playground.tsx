import { useEffect, useMemo } from 'react'
import { useGraphiQLActions, type GraphiQLPlugin } from '@graphiql/react'
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql'
import { Unauthenticated, type Api, type GraphQLRequest } from './api'
import { Jobs, JobsIcon, OperationsContext, useOperations } from './Jobs'
import { welcome } from './operations'

const jobs: GraphiQLPlugin = { title: 'Jobs', icon: JobsIcon, content: Jobs }
const plugins = [jobs, HISTORY_PLUGIN]

interface Props {
  api: Api
  /** Called when a request was refused: the session may have ended. */
  onUnauthenticated: () => void
}

export function Playground({ api, onUnauthenticated }: Props) {
  const operations = useOperations(api)
  const fetcher = useMemo(
    () => async (request: GraphQLRequest, options?: { headers?: Record<string, string> }) => {
      try {
        return await api.execute(request, options?.headers)
      } catch (error) {
        if (error instanceof Unauthenticated) onUnauthenticated()
        throw error
      }
    },
    [api, onUnauthenticated],
  )

  return (
    <OperationsContext value={operations}>
      <GraphiQL
        fetcher={fetcher}
        plugins={plugins}
        visiblePlugin={jobs}
        // Queries name people and cases: they are kept for this tab, and leave with it.
        storage={sessionStorage}
        defaultQuery={welcome}
        defaultEditorToolsVisibility="variables"
        forcedTheme="system"
      >
        <GraphiQL.Logo>{' '}</GraphiQL.Logo>
        <FollowSystemTheme />
      </GraphiQL>
    </OperationsContext>
  )
}

/** The page's colours follow the system by style sheet; the editors have to be told. */
function FollowSystemTheme() {
  const { setTheme } = useGraphiQLActions()
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const follow = () => setTheme(null)
    dark.addEventListener('change', follow)
    return () => dark.removeEventListener('change', follow)
  }, [setTheme])
  return null
}
