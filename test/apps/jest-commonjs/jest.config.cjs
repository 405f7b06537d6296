module.exports = {
  preset: 'ts-jest',
  testEnvironment: 'node',
  testTimeout: 30_000,
  setupFilesAfterEnv: ['./src/jest.setup.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};
