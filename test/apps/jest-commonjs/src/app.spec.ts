import { CHECKS } from './app.checks.js';

// Jest has no `import()` here: there is one way to load the package.
for (const [name, check] of Object.entries(CHECKS)) test(name, check);
