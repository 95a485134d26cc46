/** The contract's rule, said before anything is sent. */
export function passwordRule(value: string): string | null {
  return value.length >= 10 ? null : "Use at least 10 characters.";
}
