import { useState } from "react";
import { useTranslation } from "../../../i18n";
import { TextField } from "../../../ui/Field";

type Props = { problem?: string; hint?: string; autoComplete: "current-password" | "new-password" };

export function PasswordField({ problem, hint, autoComplete }: Props) {
  const { t } = useTranslation("session");
  const [shown, setShown] = useState(false);
  return (
    <TextField
      label={t("password")}
      name="password"
      type={shown ? "text" : "password"}
      autoComplete={autoComplete}
      required
      minLength={autoComplete === "new-password" ? 8 : undefined}
      maxLength={1024}
      hint={hint}
      problem={problem}
      aside={
        <button type="button" onClick={() => setShown(!shown)} className="rounded-s px-1 font-medium text-amber">
          {shown ? t("hide") : t("show")}
        </button>
      }
    />
  );
}
