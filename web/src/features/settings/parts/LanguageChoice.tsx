// The language of the client, kept on this device and with the account.

import { api } from "../../../api";
import { changeLanguage, useTranslation } from "../../../i18n";
import { type Language, language, languageNames, languages } from "../../../i18n/languages";
import { inputClass } from "../../../ui/Field";

export function LanguageChoice() {
  const { t } = useTranslation("settings");
  const [save] = api.useUpdateMeMutation();
  const choose = (chosen: Language) => {
    void changeLanguage(chosen);
    save({ body: { preferences: { language: chosen } } });
  };
  return (
    <label className="grid max-w-60 gap-1.5">
      <span className="font-medium">{t("language")}</span>
      <select
        value={language()}
        onChange={(event) => choose(event.target.value as Language)}
        className={`${inputClass} min-h-11`}
      >
        {languages.map((one) => (
          <option key={one} value={one} lang={one}>
            {languageNames[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
