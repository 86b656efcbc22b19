import { configDefaults, defineConfig } from 'vitest/config'
import { gzipped } from './gzip.ts'

const server = 'http://localhost:8080'

export default defineConfig({
  plugins: [gzipped()],
  worker: { format: 'es' },
  build: {
    // Monaco's core is one chunk by nature; it loads after the page's own code.
    chunkSizeWarningLimit: 4096,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      onwarn(warning, warn) {
        // "use client" means nothing here: there is no server-side rendering.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/graphql', '/sign-in', '/schema.graphql', '/playground'].map((path) => [path, server]),
    ),
  },
  test: {
    include: ['src/**/*.test.ts'],
    exclude: configDefaults.exclude,
  },
})
