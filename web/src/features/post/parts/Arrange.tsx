// The pictures of a post in their order, each with its description.

import { ArrowDown, ArrowUp } from "lucide-react";
import type { Media } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { IconButton } from "../../../ui/Button";
import { TextArea } from "../../../ui/Field";
import { EditShared } from "../../edit/parts/EditShared";

type Props = {
  postId: string;
  media: Media[];
  problem?: string;
  onChange: (media: Media[]) => void;
  /** Two neighbours change places. */
  onMove: (from: number, to: number) => void;
};

export function Arrange({ postId, media, problem, onChange, onMove }: Props) {
  const { t } = useTranslation("details");
  const move = (from: number, to: number) => {
    const [one, other] = [media[from], media[to]];
    if (!one || !other) return;
    onChange(media.map((each, index) => (index === from ? other : index === to ? one : each)));
    onMove(from, to);
  };
  const describe = (index: number, alt_text: string) =>
    onChange(media.map((each, at) => (at === index ? { ...each, alt_text } : each)));
  return (
    <fieldset className="grid gap-4">
      <legend className="mb-2 font-semibold">{t("pictures")}</legend>
      <ol className="grid gap-4">
        {media.map(({ media_id, kind, urls, alt_text }, index) => (
          <li key={media_id} className="flex items-start gap-3">
            <img src={urls.thumb} alt="" width={72} height={72} className="size-18 rounded-s bg-sunken object-cover" />
            <div className="min-w-0 flex-1">
              <TextArea
                label={t("alt", { at: index + 1 })}
                hint={index === 0 ? t("altHint") : undefined}
                rows={2}
                maxLength={1000}
                dir="auto"
                value={alt_text}
                onChange={(event) => describe(index, event.target.value)}
              />
            </div>
            {kind === "IMAGE" && <EditShared postId={postId} mediaId={media_id} at={index + 1} />}
            {media.length > 1 && (
              <div className="grid">
                <IconButton
                  label={t("earlier", { at: index + 1 })}
                  disabled={index === 0}
                  onClick={() => move(index, index - 1)}
                >
                  <ArrowUp className="size-5" aria-hidden="true" />
                </IconButton>
                <IconButton
                  label={t("later", { at: index + 1 })}
                  disabled={index === media.length - 1}
                  onClick={() => move(index, index + 1)}
                >
                  <ArrowDown className="size-5" aria-hidden="true" />
                </IconButton>
              </div>
            )}
          </li>
        ))}
      </ol>
      {problem && <p className="text-danger">{problem}</p>}
    </fieldset>
  );
}
