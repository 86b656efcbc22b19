import { describe, expect, test } from 'vitest'
import { changesData, groupByJob, operationFacts, tabFor, welcome, type Operation } from './operations'

function operation(overrides: Partial<Operation>): Operation {
  return { name: 'queue', title: '', job: 'Work the queue', description: '', query: '{ viewer { name } }', variables: '', ...overrides }
}

describe('jobs', () => {
  test('keep the order in which they and their operations come', () => {
    const jobs = groupByJob([
      operation({ name: 'a', job: 'Queue' }),
      operation({ name: 'b', job: 'Links' }),
      operation({ name: 'c', job: 'Queue' }),
    ])
    expect(jobs.map((job) => [job.name, job.operations.map((o) => o.name)])).toEqual([
      ['Queue', ['a', 'c']],
      ['Links', ['b']],
    ])
  })

  test('are none where there are no operations', () => {
    expect(groupByJob([])).toEqual([])
  })
})

describe('an operation', () => {
  test('is named after the first one in its document', () => {
    expect(operationFacts('query First { a } query Second { b }').operationName).toBe('First')
    expect(operationFacts('fragment F on T { a } query Q { ...F }').operationName).toBe('Q')
    expect(operationFacts('{ a }').operationName).toBeUndefined()
  })

  test('that does not parse is left for the server to explain', () => {
    expect(operationFacts('query {')).toEqual({})
  })

  test('changes data only if it is a mutation', () => {
    expect(changesData(operation({ query: 'mutation Close { close { id } }' }))).toBe(true)
    expect(changesData(operation({ query: 'query Mutation { mutation }' }))).toBe(false)
    expect(changesData(operation({ query: 'mutation {' }))).toBe(false)
  })
})

describe('an operation opens', () => {
  const shares = operation({ query: 'query Shares { a }', variables: '{"id": 1}' })
  const written = { query: '{ mine }', variables: '' }
  const cases: [string, Parameters<typeof tabFor>[1], number, number][] = [
    ['in the tab that holds it unchanged', [written, { query: shares.query, variables: shares.variables }], 0, 1],
    ['in the active tab if that is untouched', [written, { query: welcome, variables: null }], 1, 1],
    ['in the active tab if that is empty', [{ query: ' \n', variables: '' }], 0, 0],
    ['in a new tab if the active one has been written in', [{ query: null }, written], 1, -1],
    ['in a new tab if its variables were changed', [{ query: shares.query, variables: '{"id": 2}' }], 0, -1],
  ]
  test.each(cases)('%s', (_, tabs, active, expected) => {
    expect(tabFor(shares, tabs, active)).toBe(expected)
  })
})
