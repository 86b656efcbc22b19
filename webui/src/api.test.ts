import { afterEach, describe, expect, test, vi } from 'vitest'
import { Api, Unauthenticated } from './api'

function answer(status: number, body: string) {
  const fetch = vi.fn(async (_path: string, _init: RequestInit) => new Response(body, { status }))
  vi.stubGlobal('fetch', fetch)
  return fetch
}

afterEach(() => vi.unstubAllGlobals())

describe('a request', () => {
  test('carries the cookie of this host and the header that other sites cannot set', async () => {
    const fetch = answer(200, '{"data":{}}')
    await new Api(null).execute({ query: '{ a }', variables: { id: 1 } })
    const [path, init] = fetch.mock.calls[0]!
    expect(path).toBe('/graphql')
    expect(init).toMatchObject({
      method: 'POST',
      credentials: 'same-origin',
      body: '{"query":"{ a }","variables":{"id":1}}',
    })
    expect(init.headers).toEqual({ 'Content-Type': 'application/json', 'X-Casegraph-Client': 'playground' })
  })

  test('carries the API key if there is one', async () => {
    const fetch = answer(200, '[]')
    await new Api('k-1').operations()
    expect(fetch.mock.calls[0]![1].headers).toMatchObject({ Authorization: 'Bearer k-1' })
  })

  test('gives way to the headers written in the editor', async () => {
    const fetch = answer(200, '{"data":{}}')
    await new Api('k-1').execute({ query: '{ a }' }, { Authorization: 'Bearer k-2' })
    expect(fetch.mock.calls[0]![1].headers).toMatchObject({ Authorization: 'Bearer k-2' })
  })
})

test('signing out needs no JSON, and tells if the server refuses', async () => {
  const fetch = answer(200, '')
  await new Api(null).signOut()
  expect(fetch.mock.calls[0]).toMatchObject(['/sign-out', { method: 'POST', headers: { 'X-Casegraph-Client': 'playground' } }])
  answer(503, '')
  await expect(new Api(null).signOut()).rejects.toThrow('The server answered 503.')
})

describe('an answer', () => {
  test('401 tells why', async () => {
    answer(401, '{"errors":[{"message":"the session has ended"}]}')
    const viewer = new Api(null).viewer()
    await expect(viewer).rejects.toBeInstanceOf(Unauthenticated)
    await expect(viewer).rejects.toThrow('the session has ended')
  })

  test('with GraphQL errors is a result, whatever its status', async () => {
    answer(422, '{"errors":[{"message":"no such field"}]}')
    expect(await new Api(null).execute({ query: '{ a }' })).toEqual({ errors: [{ message: 'no such field' }] })
  })

  test('with GraphQL errors instead of a viewer is thrown', async () => {
    answer(200, '{"errors":[{"message":"the store is closed"}],"data":null}')
    await expect(new Api(null).viewer()).rejects.toThrow('the store is closed')
  })

  test.each([
    ['without JSON', 502, '<html>', 'The server answered 502 without JSON.'],
    ['with an error status and no errors', 404, '{}', 'The server answered 404.'],
    ['that is no list of jobs', 200, '{}', 'The server sent no list of jobs.'],
  ])('%s is thrown', async (_, status, body, message) => {
    answer(status, body)
    await expect(new Api(null).operations()).rejects.toThrow(message)
  })

  test('that never comes is thrown', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    await expect(new Api(null).viewer()).rejects.toThrow('The server cannot be reached.')
  })
})
