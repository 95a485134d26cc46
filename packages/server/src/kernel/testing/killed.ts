/** The signal of a job that may look at it so many times; at the next look it is as if its worker had been killed. */
export function killedAfter(looks: number): AbortSignal {
  const dying = new AbortController();
  let looked = 0;
  dying.signal.throwIfAborted = () => {
    looked += 1;
    if (looked > looks) {
      dying.abort();
      throw new Error("killed");
    }
  };
  return dying.signal;
}
