/** Path, method, and the status it is answered with. */
export const ROUTES = [
  ['ok', 'ok', 200],
  ['described', 'described', 200],
  ['throwing', 'throwing', 500],
  ['unique-message', 'uniqueMessage', 500],
  ['unique-stack', 'uniqueStack', 500],
  ['evaluated', 'evaluated', 500],
  ['causes', 'causes', 500],
  ['several', 'several', 500],
  ['refused', 'refused', 400],
  ['missing/:id', 'missing', 404],
  ['logged', 'logged', 200],
  ['posted', 'posted', 500],
  ['outgoing', 'outgoing', 500],
  ['rejected', 'rejected', 500],
  ['primitive', 'primitive', 500],
];
