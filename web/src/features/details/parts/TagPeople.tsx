// Who is in a picture: a tap says where, a name says who.

import { X } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, useRef, useState } from "react";
import type { Account } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { IconButton } from "../../../ui/Button";
import { mostTagged, type Tag } from "../details";
import { FindPerson } from "./FindPerson";

/** A picture that this browser cannot show has no address. */
export type Shown = { key: string; url?: string; alt: string };
type Props = { pictures: Shown[]; tagged: Tag[]; problem?: string; onChange: (tagged: Tag[]) => void };
type Point = { x: number; y: number };

const middle: Point = { x: 0.5, y: 0.5 };
const steps: Record<string, Point> = {
  ArrowLeft: { x: -0.02, y: 0 },
  ArrowRight: { x: 0.02, y: 0 },
  ArrowUp: { x: 0, y: -0.02 },
  ArrowDown: { x: 0, y: 0.02 },
};
const within = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
const at = ({ x, y }: Point) => ({ left: `${x * 100}%`, top: `${y * 100}%` });

export function TagPeople({ pictures, tagged, problem, onChange }: Props) {
  const { t } = useTranslation("details");
  const [index, setIndex] = useState(0);
  const [point, setPoint] = useState<Point>();
  const finder = useRef<HTMLInputElement>(null);
  const n = Math.min(index, pictures.length - 1) + 1;
  const picture = pictures[n - 1];
  if (!picture || !pictures.some(({ url }) => url)) return null;
  const here = tagged.filter((tag) => tag.n === n);
  const isFull = tagged.length >= mostTagged;
  const place = (event: MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setPoint({ x: within((event.clientX - box.left) / box.width), y: within((event.clientY - box.top) / box.height) });
    finder.current?.focus();
  };
  const add = (user: Account) => {
    onChange([
      ...tagged.filter((tag) => tag.n !== n || tag.user.user_id !== user.user_id),
      { user, ...(point ?? middle), n },
    ]);
    setPoint(undefined);
  };
  const change = (which: Tag, to: Tag | undefined) =>
    onChange(tagged.flatMap((tag) => (tag === which ? (to ? [to] : []) : [tag])));
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1 font-semibold">{t("people")}</legend>
      <p className="text-ink-faint text-xs">{t("peopleHint")}</p>
      {pictures.length > 1 && <Choose pictures={pictures} at={n - 1} onChoose={setIndex} />}
      <div className="relative mx-auto w-fit overflow-hidden rounded-s bg-sunken">
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field below puts people into the middle, arrow keys move them */}
        <img
          src={picture.url}
          alt={picture.alt}
          onClick={place}
          className="block max-h-[46dvh] min-h-24 w-auto min-w-24 max-w-full cursor-crosshair"
        />
        {here.map((tag) => (
          <Name key={tag.user.user_id} tag={tag} onChange={(to) => change(tag, to)} />
        ))}
        {point && (
          <span
            aria-hidden="true"
            style={at(point)}
            className="absolute size-4 -translate-1/2 rounded-full border-2 border-white bg-amber"
          />
        )}
      </div>
      {isFull ? (
        <p role="status">{t("tooMany", { most: mostTagged })}</p>
      ) : (
        <FindPerson input={finder} onChoose={add} />
      )}
      {problem && <p className="text-danger">{problem}</p>}
      <ul className="flex flex-wrap gap-2 empty:hidden">
        {here.map((tag) => (
          <li key={tag.user.user_id} className="flex items-center rounded-full bg-sunken pl-3 font-medium">
            {tag.user.username}
            <IconButton
              label={t("untag", { name: tag.user.username })}
              className="size-8!"
              onClick={() => change(tag, undefined)}
            >
              <X className="size-4" aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function Name({ tag, onChange }: { tag: Tag; onChange: (tag: Tag) => void }) {
  const { t } = useTranslation("details");
  const { x, y, user } = tag;
  const nudge = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    onChange({ ...tag, x: within(x + step.x), y: within(y + step.y) });
  };
  return (
    <button
      type="button"
      style={at(tag)}
      onKeyDown={nudge}
      aria-label={t("tagOf", { name: user.username, x: Math.round(x * 100), y: Math.round(y * 100) })}
      className="absolute max-w-40 -translate-1/2 truncate rounded-s bg-veil px-2 py-1 font-semibold text-white text-xs"
    >
      {user.username}
    </button>
  );
}

type ChooseProps = { pictures: Shown[]; at: number; onChoose: (index: number) => void };

function Choose({ pictures, at: chosen, onChoose }: ChooseProps) {
  const { t } = useTranslation("details");
  return (
    <div className="flex gap-1.5 overflow-x-auto p-1">
      {pictures.map(({ key, url }, index) => (
        <button
          key={key}
          type="button"
          aria-label={t("picture", { at: index + 1, count: pictures.length })}
          aria-pressed={index === chosen}
          onClick={() => onChoose(index)}
          className="size-12 shrink-0 overflow-hidden rounded-s aria-pressed:ring-2 aria-pressed:ring-amber"
        >
          <img src={url} alt="" className="size-full object-cover" />
        </button>
      ))}
    </div>
  );
}
