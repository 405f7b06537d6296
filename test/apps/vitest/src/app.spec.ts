import { test } from 'vitest';
import { CHECKS } from './app.checks.js';
import { hasOneCopy } from './copies.check.js';

for (const [name, check] of Object.entries(CHECKS)) test(name, check);
test('there is one copy of what is imported and required', hasOneCopy);
