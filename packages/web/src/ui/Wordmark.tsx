/** A wether's head that is also a bell: two horns, a bell, its clapper. */
function Glyph({ size = 20 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M12 6c-3.4 0-5.2 2.4-5.2 5.6 0 3-.7 4.500-1.800 5.900h14c-1.100-1.400-1.800-2.900-1.800-5.900C17.200 8.400 15.400 6 12 6Z" />
      <path d="M12 6c-.6-2-2.300-3.200-4.300-3.200-2.200 0-3.700 1.500-3.700 3.300 0 1.500 1 2.500 2.200 2.500" />
      <path d="M12 6c.6-2 2.300-3.200 4.300-3.200 2.200 0 3.700 1.500 3.700 3.300 0 1.500-1 2.500-2.200 2.500" />
      <path d="M10.200 20.500c.5.500 1.100.700 1.800.700s1.300-.200 1.800-.700" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span
      style={{
        display: "inline-flex",
        alignItems: "center",
        gap: 8,
        fontWeight: 640,
        letterSpacing: "-0.02em",
        fontSize: 15,
      }}
    >
      <span style={{ color: "var(--bw-accent)", display: "inline-flex" }}>
        <Glyph />
      </span>
      Bellwether
    </span>
  );
}
