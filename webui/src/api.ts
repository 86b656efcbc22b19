import type { ExecutionResult } from 'graphql'
import type { Operation } from './operations'

/** The server knows no session, or refuses the API key. */
export class Unauthenticated extends Error {}

export interface Viewer {
  name: string
  role: string
}

export interface GraphQLRequest {
  query: string
  variables?: unknown
  operationName?: string | null
}

/** The server's doors, opened by the session cookie or by an API key. */
export class Api {
  private readonly apiKey: string | null

  /** The key lives in this object alone: nothing writes it to storage. */
  constructor(apiKey: string | null) {
    this.apiKey = apiKey
  }

  /** Sends one operation. GraphQL errors are part of the result, not thrown. */
  async execute(request: GraphQLRequest, headers: Record<string, string> = {}): Promise<ExecutionResult> {
    return this.json('/graphql', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(request),
    })
  }

  async viewer(): Promise<Viewer> {
    const { data, errors } = await this.execute({ query: '{ viewer { name role } }' })
    if (!data?.viewer) throw new Error(errors?.[0]?.message ?? 'The server did not say who is signed in.')
    return data.viewer as Viewer
  }

  /** Ends this browser's session, at the server too. */
  async signOut(): Promise<void> {
    const response = await this.send('/sign-out', { method: 'POST' })
    if (!response.ok) throw new Error(`The server answered ${response.status}.`)
  }

  async operations(): Promise<Operation[]> {
    const operations = await this.json('/playground/operations.json')
    if (!Array.isArray(operations)) throw new Error('The server sent no list of jobs.')
    return operations
  }

  private send(path: string, init: RequestInit): Promise<Response> {
    return fetch(path, {
      ...init,
      credentials: 'same-origin',
      headers: {
        // No other site can set this header, so the cookie alone opens nothing.
        'X-Casegraph-Client': 'playground',
        ...(this.apiKey && { Authorization: `Bearer ${this.apiKey}` }),
        ...init.headers,
      },
    }).catch(() => {
      throw new Error('The server cannot be reached.')
    })
  }

  private async json(path: string, init: RequestInit = {}) {
    const response = await this.send(path, init)
    const body = await response.json().catch(() => null)
    if (response.status === 401) throw new Unauthenticated(body?.errors?.[0]?.message ?? 'Not signed in.')
    if (body === null) throw new Error(`The server answered ${response.status} without JSON.`)
    // A GraphQL answer tells its own errors, whatever the status; another one has only the status.
    if (!response.ok && !body.errors) throw new Error(`The server answered ${response.status}.`)
    return body
  }
}
