// What went wrong with a form as a whole.
import type { ReactNode } from "react";

export function Problem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="rounded-s bg-sunken px-3 py-2 text-danger">
      {children}
    </p>
  );
}
