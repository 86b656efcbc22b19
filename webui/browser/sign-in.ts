import { request } from '@playwright/test'

/** Follows the sign-in link once and keeps the session for every test. */
export default async function signIn() {
  const client = await request.newContext()
  await client.get(process.env.CASEGRAPH_TEST_URL!)
  const { cookies } = await client.storageState({ path: 'test-results/session.json' })
  await client.dispose()
  if (!cookies.some((cookie) => cookie.name === 'casegraph_session'))
    throw new Error('The link in CASEGRAPH_TEST_URL set no session cookie: is it used up or expired?')
}
