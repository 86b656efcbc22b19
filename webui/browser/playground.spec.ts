import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, jobs, response, test } from './page.ts'

const readingJobs = (page: Page) => jobs(page).getByRole('button').filter({ hasNotText: 'Changes data' })

/** Does something that runs an operation, and gives the server's answer to it. */
async function answerTo(page: Page, run: () => Promise<void>) {
  const answered = page.waitForResponse((answer) => {
    if (!answer.url().endsWith('/graphql')) return false
    const { query, operationName } = answer.request().postDataJSON()
    // The page's own questions: who is signed in, and what the schema is.
    return query !== '{ viewer { name role } }' && operationName !== 'IntrospectionQuery'
  })
  await run()
  return (await answered).json()
}

test('says who is signed in and offers the schema', async ({ page }) => {
  const policy = (await page.goto('/'))!.headers()['content-security-policy']
  expect(policy).toContain("default-src 'self'")
  await expect(page.getByRole('heading', { name: 'casegraph playground' })).toBeVisible()
  await expect(page.getByRole('banner')).toContainText(/Signed in as \S+/)
  const schema = page.getByRole('link', { name: 'Schema' })
  const sdl = await page.request.get((await schema.getAttribute('href'))!)
  expect(await sdl.text()).toContain('type Query')
})

test('every job that only reads answers with data', async ({ page }) => {
  await page.goto('/')
  const buttons = readingJobs(page)
  await expect(buttons.first()).toBeVisible()
  for (const button of await buttons.all()) {
    const title = await button.innerText()
    const answer = await answerTo(page, () => button.click())
    expect(answer, title).toEqual({ data: expect.any(Object) })
    await expect(response(page)).toContainText('"data"')
    await expect(button).toHaveAttribute('aria-current', 'true')
  }
})

test('a job chosen twice stays in one tab', async ({ page }) => {
  await page.goto('/')
  const tabs = page.locator('.graphiql-tab')
  for (const expected of [1, 2, 2]) {
    const job = readingJobs(page).nth(expected === 1 ? 0 : 1)
    await answerTo(page, () => job.click())
    await expect(tabs).toHaveCount(expected)
  }
})

test('a job can be found, chosen and read by keyboard alone', async ({ page }) => {
  await page.goto('/')
  const job = readingJobs(page).first()
  await expect(job).toBeVisible()
  for (let presses = 0; presses < 20 && !(await job.evaluate((e) => e === document.activeElement)); presses++)
    await page.keyboard.press('Tab')
  await expect(job).toBeFocused()
  await expect(job).toHaveCSS('outline-style', 'solid')
  const answer = await answerTo(page, () => page.keyboard.press('Enter'))
  expect(answer.data).toBeTruthy()
  await expect(jobs(page).getByRole('status')).toHaveText(/^Answered: /)
  await expect(job).toBeFocused()
})

test('a query written in the editor runs', async ({ page }) => {
  await page.goto('/')
  const editor = page.locator('.graphiql-query-editor .monaco-editor')
  await editor.click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText('query Kind { __typename }')
  await expect(page.locator('.graphiql-tab-active')).toHaveText('Kind')
  await page.keyboard.press('Control+Enter')
  await expect(response(page)).toContainText('"__typename"')
})

test('what was written is kept for this tab only', async ({ page }) => {
  await page.goto('/')
  await answerTo(page, () => readingJobs(page).first().click())
  await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBeGreaterThan(0)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test.describe('a session that ends', () => {
  test.use({ expectedErrors: [/status of 401/] })

  test('shows how to sign in again', async ({ page, context }) => {
    await page.goto('/')
    await answerTo(page, () => readingJobs(page).first().click())
    await context.clearCookies()
    await readingJobs(page).first().click()
    await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible()
  })
})

test.describe('at 390 px', () => {
  test.use({ viewport: { width: 390, height: 844 } })

  test('the jobs stand on top and the answer comes into sight', async ({ page }) => {
    await page.goto('/')
    const job = readingJobs(page).first()
    await expect(job).toBeInViewport()
    expect(await job.evaluate((element) => element.clientWidth)).toBeGreaterThan(300)
    await job.click()
    await expect(response(page)).toContainText('"data"')
    await expect(response(page)).toBeInViewport()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  })
})

/** What axe finds in GraphiQL and its editor, which are not ours to change. */
const known = [
  {
    rule: 'nested-interactive',
    element: /\.graphiql-tab/,
    reason: 'GraphiQL puts the buttons that choose and close a tab inside the tab; both work by keyboard',
  },
  {
    rule: 'color-contrast',
    element: /\.dimmed-line-number/,
    reason: 'Monaco draws the number of an empty last line faint on purpose; it says nothing',
  },
]

async function faultsOf(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .map((node) => ({ rule: id, element: node.target.join(' '), html: node.html }))
      .filter(({ rule, element }) => !known.some((fault) => fault.rule === rule && fault.element.test(element))),
  )
}

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1440, 390])
    test.describe(`in ${colorScheme} colours at ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } })

      test('axe finds nothing', async ({ page }) => {
        await page.goto('/')
        await answerTo(page, () => readingJobs(page).first().click())
        await expect(response(page)).toContainText('"data"')
        expect(await faultsOf(page)).toEqual([])
      })
    })

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] }, expectedErrors: [/status of 401/] })

  test('the page tells how to sign in, and refuses a wrong key clearly', async ({ page }) => {
    await page.goto('/')
    await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible()
    await expect(page.getByText('casegraph sign-in')).toBeVisible()
    const key = page.getByLabel('Or paste an API key')
    await expect(key).toHaveAttribute('type', 'password')
    await key.fill('not-a-key')
    await key.press('Enter')
    await expect(page.getByRole('alert')).toContainText('The server refused this key')
    const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))
    expect(stored).not.toContain('not-a-key')
  })

  for (const colorScheme of ['light', 'dark'] as const)
    test(`axe finds nothing in ${colorScheme} colours`, async ({ page }) => {
      await page.emulateMedia({ colorScheme })
      await page.goto('/')
      await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible()
      expect(await faultsOf(page)).toEqual([])
    })
})
