// The captions of one's own video: WebVTT files, one a language.

import { Trash2 } from "lucide-react";
import { useState } from "react";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import type { Media } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { language, languageNames, languages } from "../../../i18n/languages";
import { buttonClass, IconButton } from "../../../ui/Button";
import { inputClass } from "../../../ui/Field";

export function CaptionFiles({ media }: { media: Media }) {
  const { t } = useTranslation("film");
  const [set, { data: changed, error, isLoading }] = api.useSetCaptionsMutation();
  const [remove, { data: left, error: notRemoved }] = api.useDeleteCaptionsMutation();
  const [latest, setLatest] = useState<"set" | "remove">();
  const [spoken, setSpoken] = useState<string>(language());
  const tracks = (latest === "set" ? changed : latest === "remove" ? left : media)?.captions ?? [];
  const problem = error ? (fieldError(error, "text") ?? fieldError(error, "language") ?? friendly(error)) : undefined;
  const add = async (file: File | undefined) => {
    if (!file) return;
    const label = languageNames[spoken as keyof typeof languageNames] ?? spoken;
    const body = { language: spoken, label, text: await file.text() };
    if (!(await set({ mediaId: media.media_id, body })).error) setLatest("set");
  };
  const drop = async (of: string) => {
    if (!(await remove({ mediaId: media.media_id, language: of })).error) setLatest("remove");
  };
  return (
    <fieldset className="grid gap-3">
      <legend className="font-medium">{t("captions")}</legend>
      <p className="text-ink-soft text-xs">{t("captionsHint")}</p>
      <ul className="grid gap-1">
        {tracks.map((track) => (
          <li key={track.language} className="flex items-center gap-2">
            <span className="flex-1">{track.label}</span>
            <IconButton label={t("removeCaptions", { label: track.label })} onClick={() => drop(track.language)}>
              <Trash2 className="size-5" aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-2">
        <select
          aria-label={t("captionLanguage")}
          value={spoken}
          onChange={(event) => setSpoken(event.target.value)}
          className={`${inputClass} min-h-11 w-auto`}
        >
          {languages.map((one) => (
            <option key={one} value={one} lang={one}>
              {languageNames[one]}
            </option>
          ))}
        </select>
        <label className={buttonClass("quiet", "cursor-pointer focus-within:outline-2 focus-within:outline-amber")}>
          {isLoading ? t("sendingCaptions") : t("addCaptions")}
          <input
            type="file"
            accept=".vtt,text/vtt"
            className="sr-only"
            onChange={(event) => {
              void add(event.target.files?.[0]);
              event.target.value = "";
            }}
          />
        </label>
      </div>
      {(problem || notRemoved) && (
        <p role="alert" className="text-danger">
          {problem ?? friendly(notRemoved)}
        </p>
      )}
    </fieldset>
  );
}
