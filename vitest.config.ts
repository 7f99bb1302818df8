import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    // The stand-ins (Azurite, the Azure simulator, the Playground) are real servers on this machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
