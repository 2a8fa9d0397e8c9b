// What shows when a page breaks: what happened and the way on.

import { Component, type ReactNode } from "react";
import { useTranslation } from "../i18n";
import { Button } from "../ui/Button";
import { Blank } from "../ui/states";

function BrokenPage() {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <title>{t("broken.title")}</title>
      <Blank
        page
        title={t("broken.heading")}
        act={
          <>
            <Button onClick={() => window.location.reload()}>{t("reload")}</Button>
            <Button look="quiet" onClick={() => window.location.assign("/")}>
              {t("goHome")}
            </Button>
          </>
        }
      >
        {t("broken.about")}
      </Blank>
    </div>
  );
}

/** Catches what breaks inside; around a page alone, the bars beside it stay usable. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  render() {
    return this.state.broken ? <BrokenPage /> : this.props.children;
  }
}
