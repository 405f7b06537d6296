const SIZES = [1, 10, 100, 300, 1000];

/** An order with so many lines that its JSON has about that many KB. */
function bodyOf(kb) {
  const line = (n) => ({ sku: `sku-${n}`, name: `article number ${n}`, amount: n % 7, price: 12.5 });
  const length = JSON.stringify(line(1000)).length + 1;
  return JSON.stringify({
    customer: 17,
    lines: Array.from({ length: Math.floor((kb * 1000) / length) }, (_, n) => line(1000 + n)),
  });
}

/** JSON body of the request. By default none of it is sent; with `sendDefaultPii` what fits. */
export const curve = {
  name: 'body-size',
  title: 'Body of the request',
  x: { label: 'KB of JSON', values: SIZES, isLog: true },
  y: { label: 'CPU per request', unit: 'µs', isLog: true },
  series: [
    { name: 'throwing route', fails: true },
    { name: 'throwing route, sendDefaultPii', fails: true, app: { options: { sendDefaultPii: true } } },
    { name: 'throwing route, bare', isBare: true, fails: true },
    { name: 'ok route' },
    { name: 'ok route, bare', isBare: true },
  ],
  point: (kb) => ({ body: bodyOf(kb), requests: kb < 100 ? 160 : 48 }),
};
