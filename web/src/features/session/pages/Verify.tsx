// Confirming an address by the link in a letter: a click, so that programs that look into mail confirm nothing.

import { Link, useSearchParams } from "react-router";
import { api } from "../../../api";
import { friendly } from "../../../api/errors";
import { useTranslation } from "../../../i18n";
import { Button, buttonClass } from "../../../ui/Button";
import { EntryPage } from "../parts/EntryPage";
import { Problem } from "../parts/Problem";

export default function Verify() {
  const { t } = useTranslation("session");
  const [asked] = useSearchParams();
  const [verify, { error, isLoading, isSuccess }] = api.useVerifyEmailMutation();
  return (
    <EntryPage title={t("verify.title")}>
      {error && <Problem>{friendly(error)}</Problem>}
      {isSuccess ? (
        <>
          <p role="status" className="text-base text-ink-soft">
            {t("verify.done")}
          </p>
          <Link to="/" className={buttonClass("main", "min-h-11")}>
            {t("verify.on")}
          </Link>
        </>
      ) : (
        <>
          <p className="text-ink-soft">{t("verify.about")}</p>
          <Button
            busy={isLoading}
            onClick={() => verify({ body: { token: asked.get("token") ?? "" } })}
            className="min-h-11"
          >
            {t("verify.act")}
          </Button>
        </>
      )}
    </EntryPage>
  );
}
