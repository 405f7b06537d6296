module.exports = {
  testEnvironment: 'node',
  testTimeout: 30_000,
  setupFilesAfterEnv: ['./src/jest.setup.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '\\.ts$': ['ts-jest', { useESM: true }] },
};
