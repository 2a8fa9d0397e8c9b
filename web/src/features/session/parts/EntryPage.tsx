// The room around logging in and signing up: one column, on wide screens beside a wall of plates.
import type { ReactNode } from "react";
import { Mark, WordMark } from "../../../ui/Logo";

export function EntryPage({ title, children, foot }: { title: string; children: ReactNode; foot?: ReactNode }) {
  return (
    <main className="grid min-h-dvh lg:grid-cols-[1fr_minmax(420px,520px)]">
      <title>{`${title} · Tintype`}</title>
      <Wall />
      <div className="flex flex-col justify-center bg-sheet px-6 py-12 lg:border-line lg:border-l lg:px-14">
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

const plates = [
  "rotate-[-4deg] bg-[oklch(0.42_0.06_60)]",
  "rotate-[2deg] bg-[oklch(0.58_0.09_70)]",
  "rotate-[-1deg] bg-[oklch(0.34_0.03_60)]",
  "rotate-[3deg] bg-[oklch(0.72_0.1_75)]",
  "rotate-[-2deg] bg-[oklch(0.5_0.05_55)]",
  "rotate-[5deg] bg-[oklch(0.38_0.05_65)]",
];

function Wall() {
  return (
    <div aria-hidden="true" className="relative hidden overflow-hidden bg-[oklch(0.2_0.008_65)] lg:block">
      <div className="absolute inset-0 grid rotate-[-6deg] scale-110 grid-cols-3 content-center gap-8 p-12">
        {plates.map((look) => (
          <div
            key={look}
            className={`aspect-[4/5] opacity-90 [clip-path:polygon(8%_0,92%_0,100%_6.500%,100%_93.500%,92%_100%,8%_100%,0_93.500%,0_6.500%)] ${look}`}
          >
            <div className="m-[14%] h-[72%] rounded-[50%] bg-[radial-gradient(circle_at_38%_30%,oklch(0.9_0.05_80/0.55),oklch(0.25_0.02_60/0.5)_70%)]" />
          </div>
        ))}
      </div>
    </div>
  );
}
