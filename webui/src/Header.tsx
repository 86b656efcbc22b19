import type { Viewer } from './api'

interface Props {
  viewer: Viewer | null
  /** Set while an API key is in use. */
  onForgetKey: (() => void) | null
  /** Set while a session is in use. */
  onSignOut: (() => void) | null
}

export function Header({ viewer, onForgetKey, onSignOut }: Props) {
  return (
    <header className="page-header">
      <h1>
        <img src="/icon.svg" alt="" width="20" height="20" /> casegraph playground
      </h1>
      {viewer && (
        <p className="viewer">
          Signed in as <strong>{viewer.name}</strong>, {viewer.role.toLowerCase().replaceAll('_', ' ')}
        </p>
      )}
      {onForgetKey && <button onClick={onForgetKey}>Forget API key</button>}
      {onSignOut && <button onClick={onSignOut}>Sign out</button>}
      <a href="/schema.graphql" download="casegraph.graphql">
        Schema<span className="wide"> (SDL)</span>
      </a>
    </header>
  )
}
