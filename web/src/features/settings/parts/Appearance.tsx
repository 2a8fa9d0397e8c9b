// Light, dark or as the system says.

import { type ChangeEvent, useState } from "react";
import { api } from "../../../api";
import { useTranslation } from "../../../i18n";
import { applyTheme, isTheme, setShortcuts, shortcutsOn, storedTheme, type Theme, themes } from "../../../lib/theme";
import { useSession } from "../../session/hooks/useSession";
import { LanguageChoice } from "./LanguageChoice";

export function Appearance() {
  const { t } = useTranslation("settings");
  const { me } = useSession();
  const [save] = api.useUpdateMeMutation();
  const account = me?.preferences?.theme;
  const [theme, setTheme] = useState<Theme>(storedTheme() ?? (isTheme(account) ? account : "system"));
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const next = event.target.value as Theme;
    setTheme(next);
    applyTheme(next);
    save({ body: { preferences: { theme: next } } });
  };
  return (
    <div className="grid max-w-[520px] gap-8">
      <fieldset>
        <legend className="pb-3 font-medium">{t("theme.label")}</legend>
        <div className="grid gap-3 sm:grid-cols-3">
          {themes.map((value) => (
            <label
              key={value}
              className="grid cursor-pointer gap-3 rounded-m bg-sheet p-3 frame-line has-checked:border-amber has-checked:outline-1 has-checked:outline-amber has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-amber"
            >
              <Sample theme={value} />
              <span className="flex gap-2">
                <input
                  type="radio"
                  name="theme"
                  value={value}
                  checked={theme === value}
                  onChange={choose}
                  className="mt-0.5 size-4 shrink-0"
                />
                <span>
                  <span className="block font-medium">{t(`theme.${value}`)}</span>
                  <span className="block text-ink-faint text-xs">{t(`theme.${value}About`)}</span>
                </span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <LanguageChoice />
      <label className="flex gap-3">
        <input
          type="checkbox"
          defaultChecked={shortcutsOn()}
          onChange={(event) => setShortcuts(event.target.checked)}
          className="mt-0.5 size-4.5 shrink-0"
        />
        <span>
          <span className="block font-medium">{t("keys")}</span>
          <span className="block text-ink-faint">{t("keysAbout")}</span>
        </span>
      </label>
    </div>
  );
}

function Sample({ theme }: { theme: Theme }) {
  const half = (scheme: "light" | "dark") => (
    <span style={{ colorScheme: scheme }} className="flex flex-1 flex-col gap-1.5 bg-plate p-2">
      <span className="h-1.5 w-1/2 rounded-full bg-ink" />
      <span className="flex-1 rounded-s bg-sunken" />
      <span className="h-1.5 w-1/3 rounded-full bg-amber" />
    </span>
  );
  return (
    <span aria-hidden="true" className="flex h-20 overflow-hidden rounded-s frame-line">
      {theme !== "dark" && half("light")}
      {theme !== "light" && half("dark")}
    </span>
  );
}
