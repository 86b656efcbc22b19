import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'fflate'
import type { Plugin } from 'vite'

/**
 * Leaves the built files compressed only: the server sends them as they are.
 * The compressor is plain JavaScript, because Node's own gives other bytes on
 * other processors and versions, and the built files are compared byte by byte.
 */
export function gzipped(): Plugin {
  let dist = ''
  return {
    name: 'gzipped',
    apply: 'build',
    configResolved(config) {
      dist = config.build.outDir
    },
    closeBundle() {
      for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || entry.name.endsWith('.gz')) continue
        const file = join(entry.parentPath, entry.name)
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9, mtime: 0 }))
        rmSync(file)
      }
    },
  }
}
