// A QR code, drawn here: what it holds goes to nobody. The library comes with the first one.
import { lazy, Suspense } from "react";

type Props = { text: string; label: string };

const Drawn = lazy(async () => {
  const { encode } = await import("uqr");
  return {
    default: ({ text, label }: Props) => {
      const { data, size } = encode(text, { border: 2 });
      const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
      return (
        <svg
          viewBox={`0 0 ${size} ${size}`}
          role="img"
          aria-label={label}
          shapeRendering="crispEdges"
          className="size-48 justify-self-center rounded-s bg-white text-black"
        >
          <path d={path} fill="currentColor" />
        </svg>
      );
    },
  };
});

export function Qr(props: Props) {
  return (
    <Suspense fallback={<span className="size-48 justify-self-center rounded-s bg-sunken" />}>
      <Drawn {...props} />
    </Suspense>
  );
}
