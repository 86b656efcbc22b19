import { test as base, expect, type Page } from '@playwright/test'

/**
 * A page that must stay quiet: nothing asked of another host, no error in the
 * console (a breach of the content security policy is one), no exception.
 */
export const test = base.extend<{ page: Page; expectedErrors: RegExp[] }>({
  expectedErrors: [[], { option: true }],
  page: async ({ page, baseURL, expectedErrors }, use) => {
    const faults: string[] = []
    page.on('request', (request) => {
      const url = new URL(request.url())
      const outside = url.protocol.startsWith('http') ? url.origin !== baseURL : !/^(data|blob):$/.test(url.protocol)
      if (outside) faults.push(`asked another host: ${url}`)
    })
    page.on('console', (message) => {
      const expected = expectedErrors.some((pattern) => pattern.test(message.text()))
      if (message.type() === 'error' && !expected) faults.push(`console: ${message.text()}`)
    })
    page.on('pageerror', (error) => faults.push(`exception: ${error.message}`))
    await use(page)
    expect(faults).toEqual([])
  },
})

export { expect }

export const jobs = (page: Page) => page.getByRole('navigation', { name: 'Jobs' })
export const response = (page: Page) => page.locator('.graphiql-response .view-lines')
