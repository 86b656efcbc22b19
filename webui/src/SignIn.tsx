import type { FormEvent } from 'react'

interface Props {
  /** Why the server refused the API key, if one was given. */
  refused: string | null
  onKey: (apiKey: string) => void
}

export function SignIn({ refused, onKey }: Props) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    onKey(String(new FormData(event.currentTarget).get('apiKey')).trim())
  }

  return (
    <section className="panel" aria-labelledby="sign-in">
      <h2 id="sign-in">You are not signed in</h2>
      <p>
        Run <code>casegraph sign-in</code> in the terminal. It prints a new sign-in link: open it in this browser.
      </p>
      <form onSubmit={submit}>
        <label htmlFor="api-key">Or paste an API key</label>
        <div className="field">
          <input
            id="api-key"
            name="apiKey"
            type="password"
            required
            autoComplete="off"
            spellCheck={false}
            pattern="\s*[!-~]+\s*"
            title="An API key has letters, digits and signs, and no spaces inside"
            aria-describedby={refused ? 'api-key-refused api-key-kept' : 'api-key-kept'}
            aria-invalid={refused !== null}
          />
          <button className="primary">Use this key</button>
        </div>
        {refused !== null && (
          <p id="api-key-refused" className="error" role="alert">
            The server refused this key: {refused}
          </p>
        )}
        <p id="api-key-kept" className="hint">
          The key stays in the memory of this tab and is forgotten when the page closes or reloads.
        </p>
      </form>
    </section>
  )
}
