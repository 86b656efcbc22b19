import { defineConfig } from '@playwright/test'

const signIn = process.env.CASEGRAPH_TEST_URL
if (!signIn)
  throw new Error(
    'CASEGRAPH_TEST_URL is not set: start the server on the demo data and give the link that `casegraph sign-in` prints',
  )

export default defineConfig({
  testDir: 'browser',
  outputDir: 'test-results',
  globalSetup: './browser/sign-in.ts',
  workers: 1,
  forbidOnly: true,
  reporter: 'list',
  // Signing out ends the session that all tests share, so it comes last.
  projects: [
    { name: 'playground', testIgnore: 'sign-out.spec.ts' },
    { name: 'sign-out', testMatch: 'sign-out.spec.ts', dependencies: ['playground'] },
  ],
  use: {
    baseURL: new URL(signIn).origin,
    storageState: 'test-results/session.json',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CASEGRAPH_TEST_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    },
  },
})
