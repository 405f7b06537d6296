import { test } from 'node:test';
import { CHECKS } from './app.checks.js';
import { hasOneCopy } from './copies.check.js';

for (const [name, check] of Object.entries(CHECKS)) void test(name, check);
void test('there is one copy of what is imported and required', hasOneCopy);
