// The room around logging in and signing up: one column, on wide screens beside a wall of plates.
import type { ReactNode } from "react";
import { Mark, WordMark } from "../../../ui/Logo";
import { Wall } from "./Wall";

export function EntryPage({ title, children, foot }: { title: string; children: ReactNode; foot?: ReactNode }) {
  return (
    <main className="grid min-h-dvh lg:grid-cols-[1fr_minmax(420px,520px)]">
      <title>{`${title} · Tintype`}</title>
      <Wall />
      <div className="flex flex-col justify-center bg-plate px-6 py-12 lg:border-line lg:border-l lg:px-14">
        <div className="mx-auto grid w-full max-w-[360px] gap-7">
          <div className="flex items-center gap-3">
            <Mark className="size-9" />
            <WordMark className="h-8" />
          </div>
          <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
          {children}
          {foot && <p className="text-ink-soft">{foot}</p>}
        </div>
      </div>
    </main>
  );
}
