import { useCallback, useEffect, useState } from 'react'
import { Api, Unauthenticated, type Viewer } from './api'
import { Header } from './Header'
import { Playground } from './Playground'
import { SignIn } from './SignIn'

type Session =
  | { state: 'asking' }
  | { state: 'signed in'; viewer: Viewer }
  | { state: 'signed out'; refused: string | null }
  | { state: 'failed'; reason: string }

export function App() {
  const [apiKey, setApiKey] = useState<string | null>(null)
  const [api, setApi] = useState(() => new Api(null))
  const [session, setSession] = useState<Session>({ state: 'asking' })

  const ask = useCallback(async () => {
    try {
      setSession({ state: 'signed in', viewer: await api.viewer() })
    } catch (error) {
      const reason = (error as Error).message
      if (error instanceof Unauthenticated) setSession({ state: 'signed out', refused: apiKey && reason })
      else setSession({ state: 'failed', reason })
    }
  }, [api, apiKey])

  useEffect(() => void ask(), [ask])

  function present(key: string | null) {
    setApiKey(key)
    setApi(new Api(key))
    setSession({ state: 'asking' })
  }

  async function signOut() {
    setSession({ state: 'asking' })
    try {
      await api.signOut()
      await ask()
    } catch (error) {
      setSession({ state: 'failed', reason: `You are still signed in. ${(error as Error).message}` })
    }
  }

  return (
    <>
      <Header
        viewer={session.state === 'signed in' ? session.viewer : null}
        onForgetKey={apiKey && session.state === 'signed in' ? () => present(null) : null}
        onSignOut={!apiKey && session.state === 'signed in' ? () => void signOut() : null}
      />
      <main>
        {session.state === 'asking' && <p className="notice" role="status">Asking who is signed in …</p>}
        {session.state === 'signed out' && <SignIn refused={session.refused} onKey={present} />}
        {session.state === 'signed in' && <Playground api={api} onUnauthenticated={ask} />}
        {session.state === 'failed' && (
          <section className="panel" role="alert">
            <h2>The playground cannot go on</h2>
            <p>{session.reason}</p>
            <button className="primary" onClick={() => void ask()}>Try again</button>
          </section>
        )}
      </main>
    </>
  )
}
