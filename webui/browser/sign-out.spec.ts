import { expect, test } from './page.ts'

test.use({ expectedErrors: [/status of 401/] })

test('signing out ends the session, and a link that was used tells how to come in again', async ({ page, context }) => {
  await page.goto('/')
  const session = await context.cookies()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeHidden()

  await context.addCookies(session) // the server knows it no more
  await page.reload()
  await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible()

  await page.goto(process.env.CASEGRAPH_TEST_URL!)
  await expect(page.getByRole('heading', { name: 'This sign-in link opens nothing any more' })).toBeVisible()
  await expect(page.getByText('casegraph sign-in --user')).toBeVisible()
  await page.getByRole('link', { name: 'Open casegraph' }).click()
  await expect(page.getByRole('banner')).toContainText('casegraph playground')
})
