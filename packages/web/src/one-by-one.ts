/**
 * Sends values one after the other: of two on their way the first could arrive last, and stay. Of several that wait the
 * last alone is sent; `last` tells whether nothing newer came meanwhile.
 */
export function oneByOne<Value>(
  send: (value: Value, last: () => boolean) => Promise<void>,
): (value: Value) => Promise<void> {
  let turns = 0;
  let line = Promise.resolve();
  return (value) => {
    const turn = ++turns;
    const last = () => turn === turns;
    line = line.then(() => (last() ? send(value, last) : undefined));
    return line;
  };
}
