import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    // The stand-ins (Azurite, the Azure simulator, the Playground) are real servers on this machine.
    // Whole stories are played, on machines of any speed: a limit is only there to end what hangs.
    testTimeout: 240_000,
    hookTimeout: 300_000,
  },
});
