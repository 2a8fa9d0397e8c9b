import { ImageOff } from "lucide-react";
import { Link } from "react-router";
import { useTranslation } from "../i18n";
import { buttonClass } from "../ui/Button";
import { Blank } from "../ui/states";

export function NotFound({ what = "page" }: { what?: "page" | "post" | "person" }) {
  const { t } = useTranslation();
  return (
    <>
      <title>{t("missing.title")}</title>
      <Blank
        page
        icon={<ImageOff />}
        title={t(`missing.${what}`)}
        act={
          <Link to="/" className={buttonClass("quiet")}>
            {t("goHome")}
          </Link>
        }
      >
        {t("missing.about")}
      </Blank>
    </>
  );
}
