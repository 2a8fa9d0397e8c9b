import { ago, exactTime } from "../lib/time";

/** How long ago, with the exact time on hover. */
export function Ago({ time, long = false, className = "" }: { time: string; long?: boolean; className?: string }) {
  return (
    <time dateTime={time} title={exactTime(time)} className={`tabular-nums ${className}`}>
      {ago(time, new Date(), long)}
    </time>
  );
}
