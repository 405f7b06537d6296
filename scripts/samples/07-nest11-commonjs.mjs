export default {
  isStandalone: true,
  /** Node would find what is missing here at the root, in another version. */
  faultsOf: ({ modules }) =>
    modules['@nestjs/core']?.startsWith('11.') ? [] : [`NestJS ${modules['@nestjs/core']}, not 11`],
  steps: [
    { path: '/invoices/1/due', status: 200 },
    { path: '/invoices/99', status: 404 },
    { path: '/invoices', body: { cents: -1 }, status: 400, isShown: true },
    {
      path: '/invoices/2/due',
      status: 500,
      reports: [{ type: 'TypeError', transaction: 'GET /invoices/:id/due' }],
      isShown: true,
    },
  ],
};
