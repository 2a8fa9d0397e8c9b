// The mark (a portrait plate with clipped corners) and the drawn word.

export function Mark({ className = "size-7" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <path d="M7.500 2h17L30 7.500v17L24.500 30h-17L2 24.500v-17z" className="fill-ink" />
      <ellipse cx="16" cy="16" rx="7.800" ry="9.800" className="fill-amber" />
      <path
        d="M16 10.200c2.200 0 3.500 1.500 3.500 3.600 0 1.500-.7 3-1.700 3.800.2.900 1 1.400 2.300 1.900 1 .4 1.700.900 2.100 1.600C20.800 24 18.500 25.800 16 25.800S11.200 24 9.800 21.100c.4-.700 1.100-1.200 2.100-1.600 1.300-.5 2.100-1 2.300-1.900-1-.8-1.700-2.300-1.700-3.800 0-2.100 1.300-3.600 3.500-3.600z"
        className="fill-ink"
      />
    </svg>
  );
}

export function WordMark({ className = "h-6" }: { className?: string }) {
  return (
    <svg viewBox="0 0 118 36" className={className} role="img" aria-label="Tintype">
      <g className="stroke-ink" fill="none" strokeWidth="4.200">
        <path d="M7 3v17.500c0 4 2 5.500 6.500 5.500M1 10h12" />
        <path d="M20 8v20" />
        <path d="M28 28V8m0 10.500c0-5.500 2.600-8.500 6.800-8.500s6.200 2.800 6.200 7.500V28" />
        <path d="M52 3v17.500c0 4 2 5.500 6.500 5.500M46 10h12" />
        <path d="M62 8l7.700 17.500M77.500 8l-9 22c-1 2.600-2.400 3.700-5.500 3.700" />
        <path d="M83 8v28" />
        <circle cx="91" cy="18" r="8" />
        <path d="M103.500 17.500h12.300c-.3-4.700-2.700-7.500-6.300-7.500-4 0-6.700 3.300-6.700 8s2.700 8 7.200 8c2.300 0 4.200-.7 5.500-2.200" />
      </g>
      <circle cx="20" cy="2.900" r="2.900" className="fill-amber" />
    </svg>
  );
}
