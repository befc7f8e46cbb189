/** All suites of the workspace in one run: `npm test` starts the servers and calls this. */
export default {
  projects: [
    '<rootDir>/libs/*',
    '<rootDir>/services/*',
    '<rootDir>/tools/*',
    '<rootDir>/deploy/distributed',
    '<rootDir>/deploy/embedded',
    '<rootDir>/deploy/edge-router',
    '<rootDir>/deploy/mesh',
    '<rootDir>/deploy/parts',
    '<rootDir>/loadtest',
    '<rootDir>/e2e',
    '<rootDir>/examples/bring-your-own',
    '<rootDir>/examples/http-chain',
    '<rootDir>/examples/rpc-chain',
  ],
  maxWorkers: 2,
  testSequencer: '<rootDir>/jest.sequencer.mjs',
  // Far beyond what any test needs: a machine that is busy must not fail one.
  testTimeout: 120_000,
};
